/**
 * The parts of undici that carry calls, each from its own file: 23 of them, where the whole package is 110 files with a
 * browser's `fetch`, web sockets and caches, which nothing here uses and which take 15 MiB.
 */
import { createRequire } from 'node:module'

const load = createRequire(import.meta.url)
type Undici = typeof import('undici')

export const Agent: Undici['Agent'] = load('undici/lib/dispatcher/agent.js')
export const BareDispatcher: Undici['Dispatcher'] = load('undici/lib/dispatcher/dispatcher.js')
export const buildConnector: Undici['buildConnector'] = load('undici/lib/core/connect.js')
export const { ClientDestroyedError }: Undici['errors'] = load('undici/lib/core/errors.js')
export const { parseHeaders }: Undici['util'] = load('undici/lib/core/util.js')
