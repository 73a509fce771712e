import assert from 'node:assert/strict'
import test from 'node:test'
import { AuditError, auditError, errno } from './audit-error.ts'

test('a full disk, quota or file is told from other failures', () => {
  for (const code of ['ENOSPC', 'EDQUOT', 'EFBIG'])
    assert.equal(auditError(Object.assign(new Error('x'), { code }), 'writing a').code, 'AUDIT_NO_SPACE')
  assert.equal(auditError(Object.assign(new Error('x'), { code: 'EIO' }), 'writing a').code, 'AUDIT_IO')
})

test('a disk that is read-only, and rights that are missing, are said with the way out', () => {
  const said = (code: string) => auditError(Object.assign(new Error('x'), { code }), 'writing a').message
  assert.equal(said('EROFS'), 'writing a: the disk is read-only (EROFS); make it writable or move the audit folder')
  assert.match(said('EACCES'), /this user may not \(EACCES\)/u)
  assert.equal(said('EIO'), 'writing a: EIO')
})

test('an audit error stays the one it is, and anything thrown has a name', () => {
  const error = new AuditError('AUDIT_CLOSED', 'closed')
  assert.equal(auditError(error, 'x'), error)
  assert.equal(errno('text'), 'string')
  assert.equal(errno(new TypeError('x')), 'TypeError')
})
