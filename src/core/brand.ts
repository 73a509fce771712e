declare const brand: unique symbol

/** A value whose validity was proved once, where it entered. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }

export type Tenant = Brand<string, 'Tenant'>
/** Who acts: the operating system's user on a laptop, the owner of a token on a service. */
export type Principal = Brand<string, 'Principal'>
export type ServerName = Brand<string, 'ServerName'>
/** One piece of work of one principal; outlives connections and restarts. */
export type SessionId = Brand<string, 'SessionId'>
/** Text out of which every credential was taken; the only string that may be recorded or shown. */
export type Redacted = Brand<string, 'Redacted'>

/** There is one tenant until there are more; every port takes it first, so that no code can forget it. */
export const localTenant = 'local' as Tenant
