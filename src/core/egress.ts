import type { ServerName } from './brand.ts'

/** `name:port` that a server may reach: a literal name, or one left-most `*.` label, and one port. */
export type HostRule = {
  readonly name: string
  readonly port: number
  /** A person said that what this name leads to may lie on a private network. */
  readonly mayBePrivate?: boolean
}

/** Gives a sandboxed server the only network it will ever see. Implemented by `egress`, used by `sandbox`. */
export type EgressPort = {
  /** Opens a room for one start of one server. Rejects when there can be none: the server is then not started. */
  open(server: ServerName, hosts: readonly HostRule[]): Promise<EgressRoom>
}

/** Where a launch is placed. Both kinds end with `close`, which cuts every connection still open. */
export type EgressRoom = NamespaceRoom | ProxyRoom

/** Linux: a network namespace in which every address is our own, every name is answered by us, every dial is judged. */
export type NamespaceRoom = {
  readonly kind: 'namespace'
  /** Absolute program and arguments put before the wrapper. It enters the namespaces and execs: same pid, no shell. */
  readonly enter: readonly [program: string, ...args: string[]]
  /** The same for root that starts servers as somebody else: only the network is entered, and no user namespace. */
  readonly enterAsRoot: readonly [program: string, ...args: string[]]
  /** Text files the server needs in its root, by absolute path: `/etc/resolv.conf`, `/etc/hosts`. */
  readonly files: Readonly<Record<string, string>>
  readonly close: () => Promise<void>
}

/** Elsewhere: a judging proxy on loopback. The kernel refuses every other address; polite programs read `env`. */
export type ProxyRoom = {
  readonly kind: 'proxy'
  readonly port: number
  readonly env: Readonly<Record<string, string>>
  readonly close: () => Promise<void>
}
