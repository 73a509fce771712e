// Entry of every npm script. Runs on the Node a machine happens to have (20 and up), installs what is missing,
// then hands over to a Node that can run TypeScript as it is.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** name → the file that it starts, with words. */
const commands = {
  start: ['scripts/start.ts'],
  demo: ['examples/first-run/demo.ts'],
  test: ['scripts/test.ts'],
  check: ['scripts/test.ts', 'types', 'lint', 'unit'],
  peers: ['scripts/test.ts', 'peers'],
  onnx: ['scripts/test.ts', 'onnx'],
  nodes: ['scripts/nodes.ts'],
  fuzz: ['scripts/fuzz.ts'],
  bench: ['bench/run.ts'],
  generate: ['scripts/generate.ts'],
  build: ['scripts/build.ts'],
  'detect:eval': ['scripts/detect-eval.ts'],
  obedient: ['test/obedient/obedient.ts'],
}

/** Where the Node binary of one major lies, installing it from the registry on first use; undefined where it cannot be had. */
export function nodeBinary(major) {
  if (Number(process.versions.node.split('.')[0]) === major) return process.execPath
  const folder = join(root, 'scripts', 'node', String(major))
  const found = findBinary(folder)
  if (found) return found
  npm(['install', '--no-save'], folder, `Node ${major} for this machine`)
  return findBinary(folder)
}

function findBinary(folder) {
  const modules = join(folder, 'node_modules')
  if (!existsSync(modules)) return undefined
  const names = readdirSync(modules).filter(name => name.startsWith('node-'))
  return names.map(name => join(modules, name, 'bin', 'node')).find(path => existsSync(path))
}

/** Installs the locked dependencies unless exactly these are there already. */
function install() {
  const lock = readFileSync(join(root, 'package-lock.json'))
  const wanted = createHash('sha256')
    .update(lock)
    .update(readFileSync(join(root, 'package.json')))
    .digest('hex')
  const stamp = join(root, '.cache', 'installed')
  const complete = existsSync(join(root, 'node_modules', '.package-lock.json'))
  if (complete && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  // Not `npm ci`: some registries lack the binaries of other platforms, and it would insist on those too. Versions and
  // integrity still come from the lock file, which --no-save leaves as it is.
  if (!npm(['install', '--no-save'], root, 'dependencies')) process.exit(2)
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, wanted)
}

/** Programs of the system that the sandbox and its tests use, and the Debian packages that have them. */
const systemTools = { bwrap: 'bubblewrap', nft: 'nftables', ip: 'iproute2', strace: 'strace' }

/** Installs what the sandbox needs where that may be done; otherwise says the command that would. */
function installSystem() {
  if (process.platform !== 'linux') return
  const folders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin']
  const missing = Object.keys(systemTools).filter(tool => !folders.some(folder => existsSync(join(folder, tool))))
  if (missing.length === 0) return
  const packages = missing.map(tool => systemTools[tool])
  const words = ['install', '-y', '--no-install-recommends', ...packages]
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    process.stderr.write(`for the sandbox, install ${packages.join(', ')}: sudo apt-get ${words.join(' ')}\n`)
    return
  }
  process.stderr.write(`installing ${packages.join(', ')} …\n`)
  const options = { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  spawnSync('/usr/bin/apt-get', ['update', '-qq'], options)
  const done = spawnSync('/usr/bin/apt-get', ['-qq', ...words], options)
  if (done.status !== 0)
    process.stderr.write(`that failed; servers are refused until it works: apt-get ${words.join(' ')}\n`)
}

function npm(words, folder, what) {
  process.stderr.write(`installing ${what} …\n`)
  const done = spawnSync('npm', [...words, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (done.status !== 0) process.stderr.write(`npm ${words.join(' ')} failed in ${folder}; the lines above say why\n`)
  return done.status === 0
}

function fail(reason) {
  process.stderr.write(`${reason}\n`)
  process.exit(2)
}

function main([name, ...rest]) {
  const command = commands[name]
  if (!command) fail(`usage: node scripts/run.mjs ${Object.keys(commands).join('|')} [words]`)
  if (process.env.SALLYPORT_NO_INSTALL === undefined) {
    install()
    if (name !== 'build' && name !== 'generate') installSystem()
  }
  const node = nodeBinary(24)
  if (!node) fail(`no Node 24 package for ${process.platform}-${process.arch}; install Node 24 and run again`)
  const path = `${dirname(node)}:${join(root, 'node_modules', '.bin')}:${process.env.PATH}`
  const child = spawn(node, [...command, ...rest], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: path, npm_node_execpath: node, NODE_NO_WARNINGS: '1' },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2))
