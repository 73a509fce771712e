/** Where the Node binary of one major lies; installed from the registry on first use. Undefined where it cannot be had. */
export declare function nodeBinary(major: number): string | undefined
