import { existsSync, lstatSync, readlinkSync } from 'node:fs'
import type { SystemRoot } from './machine.ts'

/** Reads from this machine what a sandbox's own root is put together from. */
export function systemRoot(): SystemRoot {
  const tops = ['/bin', '/sbin', '/lib', '/lib64', '/lib32', '/libx32']
  const links = tops.filter(isLink).map(path => [path, readlinkSync(path)] as const)
  const isFolder = (path: string) => existsSync(path) && !isLink(path)
  return {
    links: Object.fromEntries(links),
    libraries: [...libraryFolders, '/lib', '/lib64', '/lib32'].filter(isFolder),
    programs: [...programFolders, '/bin', '/sbin'].filter(isFolder),
    settings: settings.filter(path => existsSync(path)),
    covered: covered.filter(path => existsSync(path)),
  }
}

const libraryFolders = ['/usr/lib', '/usr/lib64', '/usr/lib32', '/usr/libx32', '/usr/share', '/usr/local/lib']
const programFolders = ['/usr/bin', '/usr/sbin', '/usr/libexec', '/usr/local/bin', '/usr/local/share', '/usr/games']

const settings = [
  '/etc/ssl/certs',
  '/etc/ssl/cert.pem',
  '/etc/ssl/openssl.cnf',
  '/etc/pki/tls/certs',
  '/etc/pki/ca-trust/extracted',
  '/etc/ca-certificates/extracted',
  '/etc/ld.so.cache',
  '/etc/localtime',
  // The time zone by its name, which a file that is bound in no longer tells.
  '/etc/timezone',
  '/etc/alternatives',
]

/** A trailing slash marks a folder. What containers mask, and what bubblewrap leaves writable to root. */
const covered = [
  '/proc/sys/',
  '/proc/pressure/',
  '/proc/bus/',
  '/proc/irq/',
  '/proc/fs/',
  '/proc/acpi/',
  '/proc/scsi/',
  '/proc/asound/',
  '/proc/driver/',
  '/proc/sysrq-trigger',
  '/proc/kcore',
  '/proc/kmsg',
  '/proc/keys',
  '/proc/key-users',
  '/proc/mtrr',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/sched_debug',
  '/proc/kallsyms',
  '/proc/kpagecount',
  '/proc/kpageflags',
  '/proc/kpagecgroup',
  '/proc/slabinfo',
  '/proc/vmallocinfo',
  '/proc/cmdline',
]

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink()
  } catch {
    return false
  }
}
