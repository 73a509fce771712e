import { userInfo } from 'node:os'
import type { Principal } from '../core/brand.ts'

/** The user of this machine, as the principal behind every local client. */
export function localPrincipal(): Principal {
  try {
    return userInfo().username as Principal
  } catch {
    // A uid without an entry in the user database, as containers have them.
    return `uid-${process.getuid?.() ?? 0}` as Principal
  }
}
