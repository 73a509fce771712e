/** Where the Node binary of one major lies; installed from the registry on first use. */
export declare function nodeBinary(major: number): string
