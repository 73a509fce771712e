import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import test from 'node:test'
import { openChat } from './chat.ts'

const question = { model: 'm', system: 's', user: 'u' }

async function asked(
  answer: RequestListener,
  { bearer, deadlineMs = 5000 }: { bearer?: string; deadlineMs?: number } = {},
) {
  const server = createServer(answer)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const chat = openChat({ url: `http://127.0.0.1:${port}/v1`, deadlineMs, mayBePrivate: false, connections: 2 })
  try {
    return await chat.ask(question, bearer)
  } finally {
    await chat.close()
    server.closeAllConnections()
    server.close()
  }
}

const says = (content: string) => JSON.stringify({ choices: [{ message: { role: 'assistant', content } }] })

test('a question goes out as chat/completions with the key as bearer, and the answer comes back', async () => {
  let seen: unknown[] = []
  const answer = await asked(
    (request, response) => {
      let body = ''
      request.on('data', (part: Buffer) => {
        body += part.toString()
      })
      request.on('end', () => {
        const { messages, model, temperature } = JSON.parse(body)
        seen = [request.method, request.url, request.headers.authorization, messages, model, temperature]
        response.end(says('{"injection":0}'))
      })
    },
    { bearer: 'k1' },
  )
  assert.deepEqual(answer, { ok: true, text: '{"injection":0}' })
  const messages = [
    { role: 'system', content: 's' },
    { role: 'user', content: 'u' },
  ]
  assert.deepEqual(seen, ['POST', '/v1/chat/completions', 'Bearer k1', messages, 'm', 0])
})

test('silence, drips, floods, errors, redirects and other languages are each an answer that says why', async () => {
  const flood = 'x'.repeat(1024 * 1024)
  const cases: readonly (readonly [RegExp, RequestListener])[] = [
    [/no answer within 400 ms/u, () => {}],
    [/no answer within 400 ms/u, (_, response) => void response.write('{')],
    [/longer than/u, (_, response) => void response.end(flood)],
    [/status 500/u, (_, response) => void response.writeHead(500).end('{}')],
    [/status 302/u, (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
    [/does not speak/u, (_, response) => void response.end('<html>')],
    [/does not speak/u, (_, response) => void response.end('{"choices":[]}')],
    [/cannot be reached/u, request => void request.socket.destroy()],
  ]
  for (const [why, listener] of cases) {
    const answer = await asked(listener, { deadlineMs: 400 })
    assert.ok(!answer.ok)
    assert.match(answer.why, why)
  }
})

test('a name or address that leads elsewhere than the configuration says is never dialled', async () => {
  for (const url of ['http://169.254.169.254/v1', 'https://10.0.0.1/v1']) {
    const chat = openChat({ url, deadlineMs: 1000, mayBePrivate: false, connections: 1 })
    const answer = await chat.ask(question, undefined)
    await chat.close()
    assert.ok(!answer.ok)
    assert.match(answer.why, /Refused to connect/u)
  }
})
