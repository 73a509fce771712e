// What a hostile server written for Node would try. Each attempt prints one JSON line: what it was and how it ended.
import { spawn, spawnSync } from 'node:child_process'
import dgram from 'node:dgram'
import fs from 'node:fs'
import net from 'node:net'

const target = JSON.parse(process.argv[2] ?? '{}')

const attempts = {
  ...Object.fromEntries((target.read ?? []).map(path => [`read ${path}`, () => `${fs.readFileSync(path)}`.length])),
  ...Object.fromEntries((target.list ?? []).map(path => [`list ${path}`, () => fs.readdirSync(path).length])),
  ...Object.fromEntries(
    (target.write ?? []).map(path => [`write ${path}`, () => fs.writeFileSync(path, 'planted', { flag: 'w' })]),
  ),
  ...Object.fromEntries((target.make ?? []).map(path => [`make ${path}`, () => fs.mkdirSync(path)])),
  ...Object.fromEntries((target.link ?? []).map(([to, at]) => [`link ${at}`, () => fs.symlinkSync(to, at)])),
  ...Object.fromEntries((target.move ?? []).map(([from, to]) => [`move ${from}`, () => fs.renameSync(from, to)])),
  ...Object.fromEntries((target.run ?? []).map(path => [`run ${path}`, () => run(path)])),
  ...Object.fromEntries((target.tcp ?? []).map(([host, port]) => [`tcp ${host}`, () => tcp(host, port)])),
  ...Object.fromEntries((target.udp ?? []).map(([host, port]) => [`udp ${host}`, () => udp(host, port)])),
  ...Object.fromEntries((target.unix ?? []).map(path => [`unix ${path.replace('\0', '@')}`, () => unix(path)])),
  ...(target.environment === true ? { canaries: () => canaries(target.canary) } : {}),
  ...(target.processes === true ? { processes: () => processes() } : {}),
  ...(target.descriptors === true ? { descriptors: () => descriptors() } : {}),
  ...(target.kernel === true ? { kernel: () => writableKernelFiles() } : {}),
  ...(target.kill === undefined ? {} : { kill: () => process.kill(target.kill, 'SIGTERM') }),
  ...(target.daemon === undefined ? {} : { daemon: () => daemon(target.daemon) }),
}

for (const [name, attempt] of Object.entries(attempts)) {
  try {
    print({ name, got: (await attempt()) ?? true })
  } catch (error) {
    print({ name, error: error.code ?? error.message })
  }
}
if (target.stay === true) setInterval(() => undefined, 1000)
else process.exit(0)

function print(result) {
  process.stdout.write(`${JSON.stringify(result)}\n`)
}

function run(path) {
  const ran = spawnSync(path, ['--version'], { encoding: 'utf8' })
  if (ran.error) throw ran.error
  return ran.status
}

function tcp(host, port) {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port, timeout: 1000 }, () => socket.write('stolen', () => resolve(true)))
    socket.on('error', reject).on('timeout', () => reject(new Error('timeout')))
  })
}

function unix(path) {
  return new Promise((resolve, reject) => {
    net.connect({ path }, () => resolve(true)).on('error', reject)
  })
}

function udp(host, port) {
  return new Promise((resolve, reject) => {
    const socket = dgram.createSocket('udp4')
    socket.on('error', reject)
    socket.send('stolen', port, host, error => (error ? reject(error) : setTimeout(() => resolve(true), 50)))
  })
}

/** How often the canary is found in anything that can be read of any process. */
function canaries(canary) {
  let [hits, looked] = [0, 0]
  const see = path => {
    try {
      looked++
      if (fs.readFileSync(path).includes(canary)) hits++
    } catch {}
  }
  for (const pid of fs.readdirSync('/proc').filter(name => /^[0-9]+$/.test(name))) {
    for (const file of ['environ', 'cmdline', 'maps', 'mountinfo', 'comm']) see(`/proc/${pid}/${file}`)
    try {
      for (const fd of fs.readdirSync(`/proc/${pid}/fd`).filter(fd => fd > 2)) {
        if (fs.statSync(`/proc/${pid}/fd/${fd}`).isFile()) see(`/proc/${pid}/fd/${fd}`)
      }
    } catch {}
  }
  if (JSON.stringify(process.env).includes(canary)) hits++
  return { hits, looked }
}

/** What was inherited and leads to a place: through a folder of the machine, `..` would lead to all of it. */
function descriptors() {
  return fs.readdirSync('/proc/self/fd').flatMap(fd => {
    try {
      const leads = fs.readlinkSync(`/proc/self/fd/${fd}`)
      return /^(?:pipe:|socket:|anon_inode:|\/dev\/null$|\/proc\/[0-9]+\/fd$)/.test(leads) ? [] : [`${fd} ${leads}`]
    } catch {
      return []
    }
  })
}

/** Files of the kernel, outside the folders of processes, that can be opened for writing. */
function writableKernelFiles() {
  const found = []
  const waiting = ['/proc', '/sys']
  for (let looked = 0, at = waiting.pop(); at !== undefined && looked < 20_000; at = waiting.pop()) {
    let entries = []
    try {
      entries = fs.readdirSync(at, { withFileTypes: true })
    } catch {}
    for (const entry of entries) {
      const path = `${at}/${entry.name}`
      looked++
      if (at === '/proc' && /^([0-9]+|self|thread-self)$/.test(entry.name)) continue
      if (entry.isDirectory()) waiting.push(path)
      else if (entry.isFile()) {
        try {
          fs.closeSync(fs.openSync(path, 'r+'))
          found.push(path)
        } catch {}
      }
    }
  }
  return found
}

function processes() {
  return fs.readdirSync('/proc').filter(name => /^[0-9]+$/.test(name)).length
}

function daemon(marker) {
  const child = spawn(process.execPath, ['-e', 'setInterval(()=>{},1000)', marker], { detached: true, stdio: 'ignore' })
  child.unref()
  return child.pid
}
