import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { layOut } from '../../test/temporary.ts'
import { javaNeeds } from './java-program.ts'
import { findProgram, withScript } from './program.ts'
import { realPathOf } from './real-path.ts'

function laidOut() {
  const root = layOut({
    'jdk/bin/java': '#!/bin/sh\n',
    'jdk/lib/modules': '',
    'jdk/lib/jvm.cfg': '→ ../../etc/java/jvm.cfg',
    'jdk/lib/inside': '→ modules',
    'jdk/conf/security/java.security': '→ ../../../etc/java/java.security',
    'jdk/conf/management/jmxremote.access': '→ ../../../etc/java/management/jmxremote.access',
    'etc/java/jvm.cfg': '',
    'etc/java/java.security': '',
    'etc/java/management/jmxremote.access': '',
    'etc/java/other': '',
    'app/server.jar': '',
    'app/lib/a.jar': '',
    'app/classes/A.class': '',
    'home/diary.txt': '',
  })
  const java = realPathOf(join(root, 'jdk/bin/java'))!
  const needs = (args: readonly string[]) =>
    javaNeeds(java, args, { cwd: join(root, 'app'), home: join(root, 'home') }).map(path => path.slice(root.length + 1))
  return { root, java, needs }
}

const always = ['jdk', 'etc/java/java.security', 'etc/java/jvm.cfg']

test('a JVM reads its own folder and the settings its links lead to, each file by itself', () => {
  assert.deepEqual(laidOut().needs(['Main']).sort(), [...always].sort())
})

test('the jar and the class path are read, and nothing that the server is given as its own arguments', () => {
  const { needs } = laidOut()
  const named = (args: readonly string[]) => needs(args).filter(path => !always.includes(path))
  assert.deepEqual(named(['-Xmx64m', '-jar', 'server.jar', '-cp', 'lib']), ['app/server.jar'])
  assert.deepEqual(named(['-cp', 'lib/*:classes:nowhere', 'Main', '-jar', 'server.jar']), ['app/lib', 'app/classes'])
  assert.deepEqual(named(['--class-path=classes', '--add-opens', 'a/b=ALL-UNNAMED', '-p', 'lib', 'Main']), [
    'app/classes',
    'app/lib',
  ])
  assert.deepEqual(named(['Main', '-cp', 'lib']), [])
})

test('a class path of the whole home, of / or of a folder of keys gives away none of it', () => {
  const { root, needs } = laidOut()
  const given = needs(['-cp', `/:/etc:/tmp:${join(root, 'home')}:${join(root, 'home', '.ssh')}`, 'Main'])
  assert.deepEqual(
    given.filter(path => !always.includes(path)),
    [],
  )
})

test('only java is asked for this', () => {
  assert.deepEqual(
    javaNeeds(realPathOf(process.execPath)!, ['-cp', '/usr/lib', 'x'], { cwd: '/', home: '/home/x' }),
    [],
  )
})

test('the search for a program finds what a JVM needs', () => {
  const { root, java } = laidOut()
  const search = {
    cwd: join(root, 'app'),
    home: '/home/nobody-here',
    path: join(root, 'jdk/bin'),
    node: process.execPath,
  }
  const needs = javaNeeds(java, ['-jar', 'server.jar'], search)
  // A real one is a program, not a script; what the script leads to here has no settings of its own.
  assert.deepEqual(
    withScript({ program: java, args: ['-jar', 'server.jar'], needs: [], links: [] }, search).needs,
    needs,
  )
  assert.ok(findProgram(['java', '-jar', 'server.jar'], search).ok)
})
