// A server that answers on stdio, and one of its tools takes whatever it can get. Everything is bounded, in case nothing else is.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import readline from 'node:readline'

const mebi = 1024 * 1024
const acts = {
  echo: async ({ text }) => text,
  forks: async () => {
    let made = 0
    for (let i = 0; i < 300; i++) if (await isStarted(spawn('/usr/bin/sleep', ['8'], { stdio: 'ignore' }))) made++
    return `${made} children`
  },
  balloon: async () => {
    const held = []
    for (let i = 0; i < 180; i++) {
      held.push(Buffer.alloc(8 * mebi, 1))
      await pause(5)
    }
    return `${held.length * 8} MiB held`
  },
  disk: async () => {
    let written = 0
    const block = Buffer.alloc(mebi, 'x')
    try {
      for (let i = 0; i < 400; i++, written++) fs.writeFileSync(`/tmp/fill-${i}`, block)
    } catch {}
    return `${written} MiB written`
  },
  'endless-line': async () => {
    const block = 'x'.repeat(mebi)
    for (let i = 0; i < 200; i++) await said(process.stdout, block)
    return 'printed'
  },
  'many-lines': async () => {
    const line = `${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'x'.repeat(60_000) } })}\n`
    for (let i = 0; i < 3000; i++) await said(process.stdout, line)
    return 'printed'
  },
  'error-stream': async () => {
    const block = 'y'.repeat(mebi)
    for (let i = 0; i < 200; i++) await said(process.stderr, block)
    return 'printed'
  },
  spin: async () => {
    for (const end = Date.now() + 30_000; Date.now() < end; );
    return 'spun'
  },
  silence: () => new Promise(() => undefined),
  look: async ({ paths, pids }) => {
    const seen = paths.filter(path => {
      try {
        return fs.readdirSync(path).length >= 0
      } catch {
        return false
      }
    })
    const struck = pids.filter(pid => {
      try {
        return process.kill(pid, 0)
      } catch {
        return false
      }
    })
    const numbers = fs.readdirSync('/proc').filter(name => /^[0-9]+$/.test(name))
    return JSON.stringify({ seen, struck, processes: numbers.length })
  },
}

readline.createInterface({ input: process.stdin }).on('line', async line => {
  const { id, method, params } = JSON.parse(line)
  if (id === undefined) return
  const results = {
    initialize: () => ({
      protocolVersion: params.protocolVersion,
      capabilities: { tools: {} },
      serverInfo: { name: 'hog', version: '1' },
    }),
    ping: () => ({}),
    'tools/list': () => ({
      tools: Object.keys(acts).map(name => ({ name, description: `Does ${name}.`, inputSchema: { type: 'object' } })),
    }),
    'tools/call': async () => ({
      content: [{ type: 'text', text: await acts[params.name](params.arguments ?? {}) }],
    }),
  }
  const result = await results[method]?.()
  const answer = result === undefined ? { error: { code: -32601, message: 'no such method' } } : { result }
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...answer })}\n`)
})

function pause(ms) {
  return new Promise(resolve => setTimeout(resolve, ms))
}

function said(stream, text) {
  return new Promise(resolve => stream.write(text, resolve))
}

function isStarted(child) {
  return new Promise(resolve => child.once('spawn', () => resolve(true)).once('error', () => resolve(false)))
}
