import assert from 'node:assert/strict'
import test from 'node:test'
import { AuditError, auditError, errno } from './audit-error.ts'

test('a full disk, quota or file is told from other failures', () => {
  for (const code of ['ENOSPC', 'EDQUOT', 'EFBIG'])
    assert.equal(auditError(Object.assign(new Error('x'), { code }), 'writing a').code, 'AUDIT_NO_SPACE')
  assert.equal(auditError(Object.assign(new Error('x'), { code: 'EIO' }), 'writing a').code, 'AUDIT_IO')
})

test('an audit error stays the one it is, and anything thrown has a name', () => {
  const error = new AuditError('AUDIT_CLOSED', 'closed')
  assert.equal(auditError(error, 'x'), error)
  assert.equal(errno('text'), 'string')
  assert.equal(errno(new TypeError('x')), 'TypeError')
})
