import assert from 'node:assert/strict'
import test from 'node:test'
import type { Json, JsonObject } from '../core/json.ts'
import { credentialAsked, credentialBounds } from './credential-ask.ts'

const text = { type: 'string' }
const ask = (requestedSchema: Json, message = '') => credentialAsked({ message, requestedSchema }, '/params')
const fields = (properties: JsonObject, message?: string) => ask({ type: 'object', properties }, message)

test('a field that wants a credential is told however its name is written', () => {
  const names = [
    'password',
    'userpassword',
    'githubAccessToken',
    'pass\u200bword',
    'ｐａｓｓｗｏｒｄ',
    'р\u0430ssword',
    'passw0rd',
  ]
  for (const name of names) assert.equal(Object(fields({ [name]: text }))['kind'], 'field', name)
  for (const title of [
    'p a s s w o r d',
    'Ihr Passwort',
    'Su contraseña',
    'Mot de passe',
    '请输入密码',
    'パスワード',
    'Пароль',
  ])
    assert.equal(Object(fields({ v: { ...text, title } }))['kind'], 'field', title)
})

test('a credential is asked for at any depth and by any member of a form', () => {
  const forms: Json[] = [
    { title: 'Your password', properties: { v: text } },
    { allOf: [{ properties: { password: text } }] },
    { patternProperties: { password: text } },
    { properties: [{ title: 'password' }] },
    { properties: { v: { ...text, default: 'your password here' } } },
    { properties: { v: { ...text, description: `${' '.repeat(2100)}password` } } },
    { properties: { v: { ...text, format: 'password' } } },
  ]
  for (const form of forms) assert.equal(Object(ask(form))['kind'], 'field', JSON.stringify(form).slice(0, 80))
})

test('words above a form count where a person may write what comes to mind, and not where they choose', () => {
  const message = 'Please enter your GitHub password.'
  assert.deepEqual(fields({ value: text }, message), { kind: 'said', at: '/params/message' })
  assert.equal(Object(fields({ value: { type: 'number' } }, message))['kind'], 'said')
  assert.equal(fields({ value: { ...text, enum: ['yes', 'no'] } }, message), undefined)
  assert.equal(fields({ value: { ...text, oneOf: [{ const: 'a', title: 'a password' }] } }, message), undefined)
  assert.equal(fields({ value: { type: 'boolean' } }, message), undefined)
})

test('what is chosen from, counted or merely alike asks for none', () => {
  const honest: JsonObject[] = [
    { way: { ...text, enum: ['password', 'api key'] } },
    { way: { ...text, oneOf: [{ const: 'token', title: 'Access token' }] } },
    { maxTokens: { type: 'integer', title: 'Number of valid tokens' } },
    { song: { ...text, title: 'Key of the song' } },
    { passenger: { ...text, title: 'Who passes' } },
  ]
  for (const properties of honest) assert.equal(fields(properties), undefined, JSON.stringify(properties))
})

test('a form that is too long or too deep to be read says so', () => {
  const { textUnits, depth } = credentialBounds
  const described = (units: number) => fields({ v: { ...text, description: 'x'.repeat(units) } })
  assert.deepEqual([described(textUnits), described(textUnits + 1)], [undefined, 'unread'])
  const said = (units: number) => fields({ v: text }, 'x'.repeat(units))
  assert.deepEqual([said(textUnits), said(textUnits + 1)], [undefined, 'unread'])
  const wide = (units: number) =>
    ask(Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`k${i}`, 'x'.repeat(units - 2)])))
  assert.deepEqual([wide(textUnits), wide(textUnits + 1)], [undefined, 'unread'])
  const nested = (levels: number): Json => (levels === 0 ? text : { properties: nested(levels - 1) })
  assert.deepEqual([ask(nested(depth)), ask(nested(depth + 1))], [undefined, 'unread'])
})
