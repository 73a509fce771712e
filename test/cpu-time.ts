/** Milliseconds of work that this process has done: what a test measures while other programs share the machine. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
