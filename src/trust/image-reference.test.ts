import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { readImage } from './image-reference.ts'

const hex = 'a'.repeat(64)

test('spellings of one repository are one, and a port is no tag', () => {
  for (const [text, repository, tag, digest] of [
    ['node', 'docker.io/library/node', undefined, undefined],
    ['node:24-slim', 'docker.io/library/node', '24-slim', undefined],
    ['docker.io/node', 'docker.io/library/node', undefined, undefined],
    ['index.docker.io/library/node:1', 'docker.io/library/node', '1', undefined],
    ['mcp/time', 'docker.io/mcp/time', undefined, undefined],
    ['ghcr.io/github/github-mcp-server:v1', 'ghcr.io/github/github-mcp-server', 'v1', undefined],
    ['localhost:5000/a', 'localhost:5000/a', undefined, undefined],
    ['localhost/a__b--c.d:1', 'localhost/a__b--c.d', '1', undefined],
    [`mcp/time:1@sha256:${hex}`, 'docker.io/mcp/time', '1', `sha256:${hex}`],
  ] as const) {
    const read = readImage(text)
    assert.deepEqual([read?.repository, read?.tag, read?.digest], [repository, tag, digest], text)
  }
})

test('what an engine could take for a path, an option, a transport or an ID is no image', () => {
  for (const text of [
    ...[
      '',
      '-',
      '--rm',
      '.',
      '..',
      '../x',
      '/etc',
      './a',
      'a//b',
      'a/',
      'a/../b',
      'a..b',
      '-a',
      'a-',
      'A',
      'a/B',
      'a b',
    ],
    ...[
      'docker://node',
      'oci:/tmp/x',
      'docker-archive:/tmp/x.tar',
      'a:',
      'a:b:c',
      'a@',
      'a@b@c',
      ':1',
      '@sha256:',
      hex,
    ],
    ...[`a@sha512:${hex}${hex}`, `a@sha256:${hex.slice(1)}`, `a@SHA256:${hex}`, `a@sha256:${hex.toUpperCase()}`],
    ...['nоde', 'node\n', 'node\u0000', 'node\u200b', 'Ghcr.io/a', 'ghcr.io:/a', 'ghcr.io:99999999/a', 'x'.repeat(300)],
    ...['a._b', 'a___b', 'a.-b', 'a:-x', `a:${'t'.repeat(129)}`, '$(x)', 'a;b', '--privileged=true'],
  ])
    assert.equal(readImage(text), undefined, JSON.stringify(text))
})

const part = fc.stringMatching(/^[a-z0-9]{1,8}$/u)
const image = fc.record({
  registry: fc.constantFrom('', 'ghcr.io/', 'localhost:5000/', 'docker.io/'),
  path: fc.array(part, { minLength: 1, maxLength: 3 }),
  tag: fc.option(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,9}$/u), { nil: undefined }),
  digest: fc.option(fc.stringMatching(/^[0-9a-f]{64}$/u), { nil: undefined }),
})

test('whatever is put together by the rules is taken apart into the same parts, and its full name names itself', () => {
  fc.assert(
    fc.property(image, ({ registry, path, tag, digest }) => {
      const name = `${registry}${path.join('/')}`
      const sum = digest === undefined ? undefined : `sha256:${digest}`
      const read = readImage(`${name}${tag === undefined ? '' : `:${tag}`}${sum === undefined ? '' : `@${sum}`}`)
      assert.deepEqual([read?.name, read?.tag, read?.digest], [name, tag, sum])
      assert.equal(readImage(read?.repository ?? '')?.repository, read?.repository)
    }),
  )
})

test('no text whatever makes it throw, and what it takes has no character that ends a word', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), text => {
      const read = readImage(text)
      assert.ok(read === undefined || /^[a-z0-9][a-zA-Z0-9._/:@-]*$/u.test(text))
    }),
  )
})
