import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type OsvFlaw = {
  readonly id: string
  readonly ecosystem: 'npm' | 'PyPI'
  readonly name: string
  readonly versions: readonly string[]
}

type Query = { readonly package: { readonly name: string; readonly ecosystem: string }; readonly version: string }

/** A service on loopback that speaks OSV, and what it was asked; `bend` makes it answer otherwise. */
export async function osvService(
  t: { after(done: () => void): void },
  flaws: readonly OsvFlaw[],
  bend: (path: string, answer: object) => object | string | undefined = (_, answer) => answer,
): Promise<{ url: string; asked: Query[] }> {
  const asked: Query[] = []
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const path = request.url ?? ''
    const answer = bend(
      path,
      path.endsWith('querybatch') ? found(JSON.parse(Buffer.concat(parts).toString()).queries) : described(path),
    )
    if (answer === undefined) return void response.writeHead(500).end()
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer))
  })
  const found = (queries: readonly Query[]) => {
    asked.push(...queries)
    const hits = ({ package: { name, ecosystem }, version }: Query) =>
      flaws.filter(flaw => flaw.name === name && flaw.ecosystem === ecosystem && flaw.versions.includes(version))
    return {
      results: queries.map(query => {
        const vulns = hits(query)
        return vulns.length > 0 ? { vulns: vulns.map(({ id }) => ({ id })) } : {}
      }),
    }
  }
  const described = (path: string) => {
    const flaw = flaws.find(({ id }) => path.endsWith(`/${id}`))
    if (flaw === undefined) return {}
    const { id, name, ecosystem, versions } = flaw
    return {
      id,
      summary: `flaw of ${name}`,
      database_specific: { severity: 'HIGH' },
      affected: [{ package: { name, ecosystem }, versions }],
    }
  }
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}
