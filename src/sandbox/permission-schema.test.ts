import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { readPermission } from './permission.ts'
import { permissionSchema } from './permission-schema.ts'

const place = { cwd: '/proj/app', home: '/home/ann' }

test('the published JSON schema accepts and refuses the shapes that we do', async () => {
  const { Ajv2020 } = await import('ajv/dist/2020.js')
  const text = readFileSync(new URL('../../docs/permission.schema.json', import.meta.url), 'utf8')
  const isValid = new Ajv2020({ strict: false }).compile(JSON.parse(text))
  const good = [
    {},
    { net: 'none' },
    { net: { hosts: ['a.example'] } },
    { files: { read: ['./x'] }, limits: { pids: 20 } },
  ]
  for (const value of good)
    assert.ok(
      isValid(value) && permissionSchema.safeParse(value).success && readPermission(value, place).ok,
      JSON.stringify(value),
    )
  const bad = [{ nett: 1 }, { net: 'any' }, { files: { read: 'x' } }, { limits: { pids: 1 } }, { children: [] }, 'x']
  for (const value of bad) assert.ok(!isValid(value) && !readPermission(value, place).ok, JSON.stringify(value))
})
