import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { layOut } from '../../test/temporary.ts'
import type { Config } from '../config/config.ts'
import { configOf } from '../config/load.ts'
import { guards } from '../guards/index.ts'
import { openTokenBook } from './token-book.ts'

const [first, second] = ['first-0123456789abcdef', 'second-0123456789abcdef']

async function configIn(folder: string, principals: string): Promise<Config> {
  const text = `version: 1\nprincipals:\n  ann: ${principals}\n`
  const loaded = await configOf([{ path: join(folder, 'sallyport.yaml'), layer: 'user', text }], guards)
  assert.ok(loaded.ok)
  return loaded.config
}

const local = 'spt_local-0123456789abcdef'
// Written in two pieces: in one it would be a template of this file.
const file = (name: string) => `"$${`{file:${name}}`}"`

test('each token of a principal is its own, and the one of this machine stays', async t => {
  const folder = layOut({ 'a.token': `${first}\n`, 'b.token': second })
  const config = await configIn(folder, `{ role: writer, tokens: [${file('a.token')}, ${file('b.token')}] }`)
  const book = await openTokenBook(config, { local, say: assert.fail })
  t.after(() => book.close())
  for (const token of [first, second])
    assert.deepEqual(book.check(`Bearer ${token}`), { principal: 'ann', role: 'writer' })
  assert.equal(book.check(`Bearer ${local}`)?.role, 'default')
  assert.equal(book.check('Bearer someone-elses-token'), undefined)
})

test('a token that is taken out of its file opens nothing from then on, and a new one does', async t => {
  const folder = layOut({ 'a.token': first })
  const said: string[] = []
  const book = await openTokenBook(await configIn(folder, `{ tokens: [${file('a.token')}] }`), {
    local,
    say: text => said.push(text),
  })
  t.after(() => book.close())
  const opens = (token: string) => book.check(`Bearer ${token}`) !== undefined
  const until = async (isSo: () => boolean) => {
    for (let n = 0; n < 100 && !isSo(); n++) await sleep(50)
    assert.ok(isSo())
  }
  writeFileSync(join(folder, 'a.token'), second)
  await until(() => opens(second) && !opens(first))
  assert.deepEqual(said, [])
  rmSync(join(folder, 'a.token'))
  await until(() => !opens(second))
  assert.match(said.join('\n'), /principals\.ann\.tokens\[0\] lets nobody in: file:.*a\.token is not there/u)
  await book.follow(await configIn(folder, '{ role: reader }'))
  assert.ok(opens(local))
})

test('a token that could be guessed, and one that no header carries, let nobody in and are told without their text', async t => {
  const folder = layOut({ 'a.token': 'short', 'b.token': 'two words that are long enough', 'c.token': '' })
  const tokens = ['a.token', 'b.token', 'c.token'].map(file).join(', ')
  const said: string[] = []
  const book = await openTokenBook(await configIn(folder, `{ tokens: [${tokens}] }`), {
    local,
    say: text => said.push(text),
  })
  t.after(() => book.close())
  for (const token of ['short', 'two words that are long enough', ''])
    assert.equal(book.check(`Bearer ${token}`), undefined)
  assert.equal(said.length, 1)
  assert.match(said[0] ?? '', /\[0\] lets nobody in: it has 5 characters; give it 16 or more/u)
  assert.match(said[0] ?? '', /\[1\] lets nobody in: it holds a space.*\n.*\[2\] lets nobody in: it has 0/u)
  assert.doesNotMatch(said[0] ?? '', /short|two words/u)
})
