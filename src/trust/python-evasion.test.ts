import assert from 'node:assert/strict'
import test from 'node:test'
import { pythonFactsOf } from './python-facts.ts'

const factsIn = (source: string) => pythonFactsOf(source, 'a.py').facts.map(({ kind, what }) => `${kind}: ${what}`)

/** Written as an attacker who knows which names are looked for. */
const evasions: Readonly<Record<string, readonly [source: string, expected: string]>> = {
  'a module in a table': ["import os\nd = {'a': os}\nd['a'].system('id')", 'dynamic-code: os, handed on'],
  'a module given to a function': ["import os\n(lambda m: m.system('id'))(os)", 'dynamic-code: os, handed on'],
  'the table of a module': ["import os\nos.__dict__['system']('id')", 'dynamic-code: os.__dict__'],
  'the table of a renamed module': ["import os as o\no.__dict__['system']('id')", 'dynamic-code: o.__dict__'],
  'vars of a module': ["import os\nvars(os)['system']('id')", 'dynamic-code: vars()'],
  attrgetter: ["from operator import attrgetter as g\ng('system')(m)('id')", 'dynamic-code: a member called system'],
  'a module through another': ["import shutil\nshutil.os.system('x')", 'child: runs x'],
  'os through its path': ["from os import path\npath.os.popen('id')", 'child: runs id'],
  'globals by a text': ["globals()['__buil' + 'tins__']['eval']('1')", 'dynamic-code: __builtins__'],
  'a connection of a loop': ["asyncio.get_event_loop().create_connection(p, 'h', 1)", 'network: create_connection'],
  'a program of a loop': ["loop().subprocess_shell(p, 'id')", 'child: runs a program named'],
  'exec in a class': ['class A:\n  f = staticmethod(exec)', 'dynamic-code: exec'],
}

for (const [what, [source, expected]] of Object.entries(evasions))
  test(`${what} is seen`, () => {
    const found = factsIn(source)
    assert.ok(
      found.some(each => each.startsWith(expected)),
      `${expected}: ${found.join('\n')}`,
    )
  })

test('modules used in the ordinary way are not called handed on', () => {
  for (const source of [
    'import os, sys\nimport socket as s\nfrom os import path',
    "import os\nif hasattr(os, 'fork'): pass",
    'import sys\nprint(x, file=sys.stderr)\nf(sys)',
    'vars(self)\nlocals()',
  ])
    assert.deepEqual(
      factsIn(source).filter(fact => fact.startsWith('dynamic-code')),
      [],
      source,
    )
})
