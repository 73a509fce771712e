import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import dgram from 'node:dgram'
import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'
import test from 'node:test'
import { proves } from '../guide/proves.ts'
import { attackerScript, houseOf, Play, people, play, skip, survivors } from './sandbox/play.ts'

const script = (target: unknown) => ['node', attackerScript, JSON.stringify(target)]

for (const person of people) {
  test(`${person.name}: the gateway's secrets are nowhere inside`, { skip }, async () => {
    const { home, project, settle } = houseOf(person)
    settle()
    const canary = `CANARY${randomBytes(8).toString('hex')}`
    // The marker that is looked for must not itself be on the server's command line.
    const target = { environment: true, canary: canary.slice(0, 14) }
    const command = [...script(target).slice(0, 2), JSON.stringify({ ...target, canary: '' })]
    const found = await play(person, { command, cwd: project, permissions: {} }, { HOME: home, GATEWAY_TOKEN: canary })
    const own = found.attempts().get('canaries')
    assert.equal(found.event('tier'), 'full')
    // With an empty needle every file that could be read counts as a hit: the scan does look.
    assert.ok(Number(JSON.parse(JSON.stringify(own?.got)).hits) > 3, JSON.stringify(own))
    const half = [canary.slice(0, 10), canary.slice(10)]
    const search = `const c=${JSON.stringify(half)}.join('');process.argv[2]=JSON.stringify({environment:true,canary:c});import(${JSON.stringify(attackerScript)})`
    const permissions = { files: { read: [join(attackerScript, '..')] } }
    const spec = { command: ['node', '-e', search, 'x'], cwd: project, permissions }
    const looked = await play(person, spec, { HOME: home, GATEWAY_TOKEN: canary })
    assert.deepEqual(JSON.parse(JSON.stringify(looked.attempts().get('canaries')?.got)).hits, 0, looked.stderr)
  })

  test(`${person.name}: only declared files exist`, {
    skip,
    ...proves('T3.least', 'T3.directories', 'C2.directories', 'F.separate'),
  }, async () => {
    const { root, home, project, settle } = houseOf(person)
    writeFileSync(join(home, '.ssh', 'id_rsa'), 'private')
    writeFileSync(join(project, 'fine.txt'), 'fine')
    mkdirSync(join(home, 'other'))
    writeFileSync(join(home, 'other', 'secret.txt'), 'other')
    symlinkSync(join(home, '.ssh'), join(project, 'escape'))
    settle()
    const denied = [
      join(home, '.ssh', 'id_rsa'),
      join(home, 'other', 'secret.txt'),
      join(project, 'escape', 'id_rsa'),
      `${project}/../other/secret.txt`,
      '/etc/shadow',
      '/etc/hostname',
      '/proc/1/root/etc/hostname',
      `/proc/self/cwd/../.ssh/id_rsa`,
    ]
    const target = { read: [join(project, 'fine.txt'), ...denied], list: ['/root', '/home', root, home] }
    const permissions = { files: { read: [project] } }
    const attack = await play(person, { command: script(target), cwd: project, permissions }, { HOME: home })
    const attempts = attack.attempts()
    assert.equal(attempts.get(`read ${join(project, 'fine.txt')}`)?.got, 4, attack.stderr)
    for (const path of denied) assert.match(attempts.get(`read ${path}`)?.error ?? 'read', /^(ENOENT|EACCES)$/u, path)
    assert.equal(attempts.get(`list ${home}`)?.got, 1, 'of the home only the way to the project is there')
    assert.match(attempts.get('list /root')?.error ?? 'listed', /^(ENOENT|EACCES)$/u)
  })

  test(`${person.name}: nothing can be written unless it was declared`, {
    skip,
    ...proves('T3.readonly'),
  }, async () => {
    const { home, project, settle } = houseOf(person)
    settle()
    const paths = [join(project, 'x'), join(home, 'x'), '/x', '/usr/x', '/etc/x', '/dev/x', '/proc/x']
    const permissions = { files: { read: [project] } }
    const target = { write: [...paths, '/tmp/x'] }
    const attack = await play(person, { command: script(target), cwd: project, permissions }, { HOME: home })
    for (const path of paths)
      assert.match(attack.attempts().get(`write ${path}`)?.error ?? 'written', /^(EROFS|ENOENT|EACCES)$/u, path)
    assert.equal(attack.attempts().get('write /tmp/x')?.got, true)
    assert.ok(!existsSync(join(project, 'x')))
  })

  test(`${person.name}: in a writable project, what other programs run stays as it is`, { skip }, async () => {
    const { home, project, settle } = houseOf(person)
    mkdirSync(join(project, '.git', 'hooks'), { recursive: true })
    mkdirSync(join(project, 'far', 'sub', '.git', 'hooks'), { recursive: true })
    mkdirSync(join(project, 'module'))
    writeFileSync(join(project, 'module', '.git'), 'gitdir: ../.git/modules/module\n')
    writeFileSync(join(project, '.git', 'config'), '[core]\n')
    writeFileSync(join(project, '.envrc'), 'export A=1\n')
    settle()
    const at = (name: string) => join(project, name)
    const target = {
      write: [
        'ok.txt',
        '.git/hooks/pre-commit',
        '.git/config',
        // Makes git read the configuration, and with it the programs to run, of another place.
        '.git/commondir',
        'module/.git',
        '.mcp.json',
        '.envrc',
        '.vscode/tasks.json',
        'far/sub/.git/hooks/x',
      ].map(at),
      move: [
        [at('.git'), at('.git2')],
        [at('.git/hooks'), at('hooks2')],
        [at('far/sub/.git'), at('far/sub/.git2')],
        // A folder that holds a mount can be renamed unless it is one itself.
        [at('far/sub'), at('far/sub2')],
        [at('far'), at('far2')],
        [at('module'), at('module2')],
        [at('.envrc'), at('.envrc2')],
      ],
      make: [at('.cursor/rules'), at('.git/hooks')],
    }
    const permissions = { files: { write: [project] } }
    const attack = await play(person, { command: script(target), cwd: project, permissions }, { HOME: home })
    const attempts = attack.attempts()
    assert.equal(attempts.get(`write ${at('ok.txt')}`)?.got, true, attack.stderr)
    for (const [name, attempt] of attempts)
      if (!name.endsWith('ok.txt')) assert.match(attempt.error ?? 'done', /^(EROFS|EBUSY|EEXIST|EXDEV)$/u, name)
    assert.equal(readFileSync(at('ok.txt'), 'utf8'), 'planted')
    for (const name of ['.mcp.json', '.vscode', '.cursor'])
      assert.ok(!existsSync(at(name)), `${name} is taken away again`)
  })

  test(`${person.name}: no second name of a writable folder leads around what is kept in it`, { skip }, async () => {
    const { home, project, settle } = houseOf(person)
    mkdirSync(join(project, '.git', 'hooks'), { recursive: true })
    mkdirSync(join(project, 'a', 'conf'), { recursive: true })
    writeFileSync(join(project, 'a', 'conf', 'rules'), 'mine')
    symlinkSync(project, join(home, 'alias'))
    settle()
    const alias = (name: string) => join(home, 'alias', name)
    const target = {
      write: ['ok.txt', '.git/hooks/pre-commit', '.mcp.json', '.vscode/tasks.json'].map(alias),
      move: [
        [join(project, 'a'), join(project, 'b')],
        [alias('.git'), alias('.git2')],
        [alias('a'), alias('b')],
      ],
    }
    const files = { write: [join(home, 'alias'), project], read: [join(project, 'a', 'conf'), alias('a/conf')] }
    const attack = await play(person, { command: script(target), cwd: home, permissions: { files } }, { HOME: home })
    const attempts = attack.attempts()
    assert.equal(attempts.get(`write ${alias('ok.txt')}`)?.got, true, attack.stderr + JSON.stringify(attack.events))
    assert.equal(attempts.size, 7)
    for (const [name, attempt] of attempts)
      if (!name.endsWith('ok.txt')) assert.match(attempt.error ?? 'done', /^(EROFS|EBUSY|EEXIST|EXDEV)$/u, name)
  })

  test(`${person.name}: a folder that is no repository does not become one`, { skip }, async () => {
    const { home, project, settle } = houseOf(person)
    settle()
    const at = (name: string) => join(project, name)
    const target = { make: [at('.git')], write: [at('.git/config'), at('.git')], move: [[at('.git'), at('x')]] }
    const permissions = { files: { write: [project] } }
    const attack = await play(person, { command: script(target), cwd: project, permissions }, { HOME: home })
    assert.equal(attack.attempts().size, 4, attack.stderr)
    for (const [name, attempt] of attack.attempts())
      assert.match(attempt.error ?? 'done', /^(EROFS|EBUSY|EEXIST|EISDIR)$/u, name)
    assert.ok(!existsSync(at('.git')))
  })

  test(`${person.name}: a link that the server planted leads the next start nowhere`, { skip }, async () => {
    const { home, project, settle } = houseOf(person)
    mkdirSync(join(project, 'out'))
    writeFileSync(join(home, '.ssh', 'id_rsa'), 'private')
    settle()
    const permissions = { files: { write: [join(project, 'out')] } }
    const target = { link: [[join(home, '.ssh'), join(project, 'out', 'docs')]] }
    const first = await play(person, { command: script(target), cwd: project, permissions }, { HOME: home })
    assert.equal([...first.attempts().values()][0]?.got, true, first.stderr)
    assert.ok(lstatSync(join(project, 'out', 'docs')).isSymbolicLink())
    const asked = { files: { read: [join(project, 'out', 'docs')] } }
    const second = await play(person, { command: script({}), cwd: project, permissions: asked }, { HOME: home })
    assert.match(second.event('refused') ?? 'started', /leads to .*\.ssh.*credentials/u)
  })

  test(`${person.name}: there is no way out`, { skip, ...proves('T4.isolate') }, async () => {
    const { home, project, settle } = houseOf(person)
    settle()
    let bytes = 0
    const tcp = net.createServer(socket => socket.on('data', data => (bytes += data.length)))
    const unix = net.createServer(socket => socket.on('data', data => (bytes += data.length)))
    const abstract = net.createServer(socket => socket.on('data', data => (bytes += data.length)))
    const udp = dgram.createSocket('udp4').on('message', data => (bytes += data.length))
    const name = `\0sallyport-${randomBytes(6).toString('hex')}`
    await Promise.all([
      new Promise<void>(resolve => tcp.listen(0, '127.0.0.1', resolve)),
      new Promise<void>(resolve => unix.listen(join(project, 'sock'), resolve)),
      new Promise<void>(resolve => abstract.listen(name, resolve)),
      new Promise<void>(resolve => udp.bind(0, '127.0.0.1', resolve)),
    ])
    const { port } = tcp.address() as net.AddressInfo
    const target = {
      tcp: [
        ['127.0.0.1', port],
        ['::1', port],
        ['localhost', port],
      ],
      udp: [['127.0.0.1', udp.address().port]],
      unix: [join(project, 'sock'), name],
    }
    const permissions = { files: { read: [project] } }
    try {
      const attack = await play(person, { command: script(target), cwd: project, permissions }, { HOME: home })
      const attempts = attack.attempts()
      assert.equal(attempts.size, 6, attack.stderr)
      for (const [name, attempt] of attempts)
        if (!name.startsWith('udp')) assert.ok(attempt.error, `${name} got through`)
      assert.equal(bytes, 0)
    } finally {
      for (const server of [tcp, unix, abstract, udp]) server.close()
    }
  })

  test(`${person.name}: other processes can be neither seen nor signalled`, { skip }, async () => {
    const { home, project, settle } = houseOf(person)
    settle()
    const target = { processes: true, kill: process.pid, run: ['/bin/sh', '/usr/bin/curl', '/usr/bin/env'] }
    const attack = await play(person, { command: script(target), cwd: project, permissions: {} }, { HOME: home })
    const attempts = attack.attempts()
    assert.equal(attempts.get('processes')?.got, 2, 'the first process of the namespace and itself')
    assert.equal(attempts.get('kill')?.error, 'ESRCH')
    for (const path of target.run) assert.equal(attempts.get(`run ${path}`)?.error, 'ENOENT', path)
  })

  test(`${person.name}: no descriptor leads out, and no file of the kernel can be written`, { skip }, async () => {
    const { home, project, settle } = houseOf(person)
    mkdirSync(join(project, 'out'))
    settle()
    const permissions = { files: { read: [project], write: [join(project, 'out')] }, children: ['git'] }
    const command = script({ descriptors: true, kernel: true })
    const attack = await play(person, { command, cwd: project, permissions }, { HOME: home })
    assert.deepEqual(attack.attempts().get('descriptors')?.got, [], attack.stderr)
    assert.deepEqual(attack.attempts().get('kernel')?.got, [])
  })

  for (const [how, strike] of [
    ['its server is killed', (run: Play) => process.kill(run.event('started') ?? 0, 'SIGKILL')],
    ['the gateway is asked to stop', (run: Play) => run.process.kill('SIGTERM')],
    ['the gateway is killed', (run: Play) => run.process.kill('SIGKILL')],
  ] as const)
    test(`${person.name}: no process is left when ${how}`, { skip }, async () => {
      const { home, project, settle } = houseOf(person)
      settle()
      const marker = `survivor-${randomBytes(6).toString('hex')}`
      const target = { daemon: marker, stay: true }
      const run = new Play(person, { command: script(target), cwd: project, permissions: {} }, { HOME: home })
      await run.until('the daemon runs', () => run.lines.length > 0)
      assert.ok(survivors(marker).length >= 2, 'server and daemon are there')
      strike(run)
      await run.until('all gone', () => survivors(marker).length === 0, 2000)
    })

  test(`${person.name}: many processes of the same user elsewhere do not keep a server from starting`, {
    skip,
  }, async () => {
    const { home, project, settle } = houseOf(person)
    settle()
    const [command = '', ...args] = [...person.prefix, '/usr/bin/sleep', '20']
    const others = Array.from({ length: 100 }, () => spawn(command, args, { stdio: 'ignore' }))
    try {
      const spec = { command: script({ processes: true }), cwd: project, permissions: { limits: { pids: 32 } } }
      const run = await play(person, spec, { HOME: home })
      assert.equal(run.attempts().get('processes')?.got, 2, run.stderr)
    } finally {
      for (const other of others) other.kill('SIGKILL')
    }
  })
}

test('the scan for secrets finds them where bubblewrap alone would leave them', { skip }, () => {
  const canary = `CANARY${randomBytes(8).toString('hex')}`
  // As many launchers do it: the wrapper inherits everything, and only its child gets a clean environment.
  const words =
    '--unshare-all --clearenv --ro-bind /usr /usr --symlink usr/lib /lib --symlink usr/lib64 /lib64 --proc /proc'
  const cat = ['--dev', '/dev', '--', '/usr/bin/cat', '/proc/1/environ']
  const ran = spawnSync('bwrap', [...words.split(' '), ...cat], { env: { TOKEN: canary }, encoding: 'utf8' })
  assert.ok(ran.stdout.includes(canary), 'if this no longer leaks, the clean spawn is no longer needed')
})

const isRoot = process.getuid?.() === 0
const skipUser = skip || (isRoot ? false : 'only root can start somebody else')
test('started by root, a server is somebody else to the machine', {
  skip: skipUser,
  ...proves('B.user', 'C3.user'),
}, async () => {
  const [root] = people
  assert.ok(root)
  const { home, project, settle } = houseOf(root)
  writeFileSync(join(home, '.ssh', 'id_rsa'), 'private')
  settle()
  const marker = `other-${randomBytes(6).toString('hex')}`
  const target = { daemon: marker, stay: true, read: [join(home, '.ssh', 'id_rsa'), '/etc/passwd-'] }
  const run = new Play(root, { command: script(target), cwd: project, permissions: {} }, { HOME: home })
  await run.until('the server runs', () => run.lines.length >= 3)
  const owners = survivors(marker).map(pid => /^Uid:\s+(\d+)/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  run.process.kill('SIGKILL')
  const servers = owners.filter(uid => uid !== '0')
  assert.ok(servers.length >= 2, `server and daemon among ${owners}`)
  assert.ok(
    servers.every(uid => Number(uid) >= 61_184 && Number(uid) <= 65_519),
    `${owners}`,
  )
  for (const path of target.read) assert.ok(run.attempts().get(`read ${path}`)?.error, path)
})
