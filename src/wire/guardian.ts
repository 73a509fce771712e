import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'

/**
 * Puts a process group under the guardian: a small shell in a group of its own that learns of groups over a pipe and
 * kills those it knows when the pipe closes. Nothing else outlives a gateway that was killed with SIGKILL.
 */
export function watchGroup(group: number): void {
  groups.add(group)
  if (guardian === undefined) start()
  else tell(`+ ${group}\n`)
}

/** The group is gone; its number may be given to others now. */
export function forgetGroup(group: number): void {
  if (groups.delete(group)) tell(`- ${group}\n`)
}

// POSIX sh, builtins only: it must work where the machine is out of processes, and stay near a megabyte.
const script = `trap '' INT TERM HUP QUIT PIPE TSTP
live=' '
while read -r sign group; do
  case $sign in
    +) live="$live$group " ;;
    -) case $live in *" $group "*) live="\${live%%" $group "*} \${live#*" $group "}" ;; esac ;;
  esac
done
for group in $live; do kill -KILL "-$group" 2>/dev/null; done`

const restartsMax = 5
const groups = new Set<number>()
let guardian: ChildProcess | undefined
let restarts = 0

function start(): void {
  const child = spawn('/bin/sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'], env: {} })
  guardian = child
  child.unref()
  const pipe = child.stdin as Socket
  pipe.unref()
  pipe.on('error', () => {})
  child.once('error', () => lost(child))
  child.once('exit', () => lost(child))
  for (const group of groups) tell(`+ ${group}\n`)
}

function lost(child: ChildProcess): void {
  if (guardian !== child) return
  guardian = undefined
  if (groups.size > 0 && restarts++ < restartsMax) start()
}

function tell(line: string): void {
  guardian?.stdin?.write(line)
}
