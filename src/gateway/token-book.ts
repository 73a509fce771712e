import type { Config } from '../config/config.ts'
import { watchFolders } from '../config/folders.ts'
import type { Principal } from '../core/brand.ts'
import { secretSources } from './launcher.ts'
import { localPrincipal } from './local-principal.ts'
import { digestOf, type KnownToken, type TokenCheck, tokenCheck } from './token.ts'

/** The tokens in force: those of a configuration, as their files have them now. */
export type TokenBook = {
  readonly check: TokenCheck
  /** Puts the tokens of another configuration in force. */
  follow(config: Config): Promise<void>
  close(): void
}

type Told = {
  /** The token of this machine's user. */
  readonly local: string
  /** A token that nobody can use. */
  say(text: string): void
}

/** Editors and password stores write a file in several steps. */
const settleMs = 100

/** Reads the tokens, and reads them again when one of their files changes: whoever takes a token away means now. */
export async function openTokenBook(first: Config, { local, say }: Told): Promise<TokenBook> {
  let config = first
  let check: TokenCheck = () => undefined
  let told = ''
  let timer: NodeJS.Timeout | undefined
  let turn = 0
  const read = async (): Promise<void> => {
    const mine = ++turn
    const { known, faults } = await tokensOf(config)
    // Of two that overlap the later one knows better.
    if (mine !== turn) return
    check = tokenCheck([{ sha256: digestOf(local), principal: localPrincipal(), role: 'default' }, ...known])
    const text = faults.join('\n')
    if (text !== told && text !== '') say(text)
    told = text
  }
  const soon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined
      folders.follow()
      void read()
    }, settleMs).unref()
  }
  let folders = watchFolders(filesOf(config), soon)
  await read()
  return {
    check: authorization => check(authorization),
    async follow(next) {
      config = next
      folders.close()
      folders = watchFolders(filesOf(next), soon)
      await read()
    },
    close() {
      clearTimeout(timer)
      folders.close()
    },
  }
}

function filesOf({ principals }: Config): readonly string[] {
  const references = [...principals.values()].flatMap(({ tokens }) => tokens.flatMap(token => token.references))
  return references.filter(name => name.startsWith('file:')).map(name => name.slice('file:'.length))
}

/** Shorter ones could be guessed. */
const tokenCharsMin = 16

async function tokensOf({ principals }: Config): Promise<{ known: readonly KnownToken[]; faults: readonly string[] }> {
  const known: KnownToken[] = []
  const faults: string[] = []
  for (const [name, { role, tokens }] of principals)
    for (const [index, secret] of tokens.entries()) {
      const found = await secret.reveal(secretSources)
      // A token that cannot be read lets nobody in; an empty one would let in everybody.
      const fault = found.ok ? faultOf(found.text) : found.text
      if (found.ok && fault === undefined)
        known.push({ sha256: digestOf(found.text), principal: name as Principal, role })
      else faults.push(`principals.${name}.tokens[${index}] lets nobody in: ${fault}`)
    }
  return { known, faults }
}

function faultOf(token: string): string | undefined {
  if (token.length < tokenCharsMin) return `it has ${token.length} characters; give it ${tokenCharsMin} or more`
  return /^[\x21-\x7e]{1,4096}$/u.test(token) ? undefined : 'it holds a space, or a character that no header can carry'
}
