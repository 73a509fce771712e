import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { messageOf, play } from '../../test/situation.ts'
import { guard } from '../core/guard.ts'
import { pipelineOf } from '../core/pipeline.ts'
import { classified } from '../guards/classified.ts'
import { guards } from '../guards/index.ts'
import { loadConfig } from './load.ts'
import { problemLine } from './problem.ts'

async function loaded(classes: string, files: Readonly<Record<string, string | Uint8Array>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-words-'))
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    const path = join(folder, 'c.yaml')
    writeFileSync(path, `version: 1\nguards:\n  classified:\n    classes:\n${classes}`)
    const result = await loadConfig([{ path, layer: 'user' }], guards)
    const lines = result.ok ? [] : result.problems.map(one => problemLine(one).replace(`${folder}/`, ''))
    return { lines, options: result.ok ? result.config.guards['classified'] : undefined }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('a pattern that does not compile stops the load and is told with its line', async () => {
  const { lines } = await loaded('      plans: { words: [a] }\n      codes: { pattern: "FALCON-[0-9" }\n')
  assert.equal(lines.length, 1)
  assert.match(
    lines[0] ?? '',
    /^c\.yaml:6:.*guards\.classified\.classes\.codes\.pattern.*is no regular expression of RE2/u,
  )
})

test('a class of which nothing could ever be stops the load', async () => {
  const { lines } = await loaded('      plans: { label: secret-plan }\n')
  assert.match(lines.join(), /c\.yaml:5:.*classes\.plans.*says nothing/u)
})

test('the words of a dictionary count like those in the configuration', async () => {
  const { options } = await loaded('      plans: { words: [Osprey], dictionaries: [words.txt] }\n', {
    'words.txt': '# code names\nProject Falcon\r\n\n  Heron  \n',
  })
  assert.ok(options)
  const judge = play(classified, { options })
  for (const word of ['osprey', 'project falcon', 'Heron']) {
    const result = { content: [{ type: 'text', text: `about ${word} today` }] }
    assert.equal(judge(messageOf({ kind: 'tool.result', tool: 't', args: {}, result })).length, 1, word)
  }
})

test('a dictionary that is missing, empty or no text stops the load', async () => {
  const files = { 'empty.txt': '# nothing yet\n', 'binary.txt': Uint8Array.of(0xff, 0xfe, 0x00) }
  for (const [file, why] of [
    ['gone.txt', /gone\.txt cannot be read \(ENOENT\)/u],
    ['empty.txt', /empty\.txt holds no words/u],
    ['binary.txt', /binary\.txt cannot be read/u],
  ] as const) {
    const { lines } = await loaded(`      plans: { words: [a], dictionaries: [${file}] }\n`, files)
    assert.match(lines.join(), why)
    assert.match(lines.join(), /^c\.yaml:5:/u)
  }
})

test('no pipeline is built of a guard that cannot judge', () => {
  const unready = guard({
    id: 'unready',
    title: 'has lost its rules',
    threats: [],
    reads: ['tool.call'],
    options: {},
    faults: () => [{ path: [], text: 'has no rules: reinstall the package' }],
    inspect: () => [],
  })
  assert.throws(() => pipelineOf([unready], { unready: {} }), {
    code: 'guard-unready',
    message: /unready has no rules/u,
  })
  assert.ok(pipelineOf([unready], { unready: false }), 'switched off it stops nothing')
})
