import { userInfo } from 'node:os'

/** Whoever gives the command, for the record. In a container the user often has a number and no name. */
export function who(): string {
  try {
    return userInfo().username
  } catch {
    return `uid-${process.getuid?.() ?? 0}`
  }
}
