/** A container engine that a command speaks to, by itself or behind another program. */
export type EngineWords = {
  /** As a command names it: `docker`, `nerdctl`. */
  readonly engine: string
  /** The program that stands before it (`sh`, `sudo`, `npx`); absent where the command is the engine's own. */
  readonly behind?: string
}

const engines =
  /^(?:docker|podman(?:-remote)?|nerdctl(?:\.lima)?|finch|ctr|crictl|buildah|apptainer|singularity|runc|crun|youki|kubectl|container)$/u
const composers = /^(?:docker|podman)-compose$/u

// What starts or enters a container, of any of these engines.
const starters = new Set('run exec start restart create attach compose kube up'.split(' '))
const optionsMax = 12

const wordsMax = 4096

/**
 * The engine that a command speaks to; undefined when it names none. Behind other programs only a name with a verb that
 * starts something counts (`sh -c "docker run x"`): a folder that is called docker is no engine. A shell can hide any
 * word from a reader, which is why walls without a way to the engine hold this and not a list of names.
 */
export function engineIn(command: readonly string[]): EngineWords | undefined {
  const [program = '', ...rest] = command
  const own = programName(program)
  if (engines.test(own) || composers.test(own)) return { engine: own }
  for (const words of simpleCommands(rest.slice(0, wordsMax))) {
    const engine = words.find((word, i) => isSpoken(programName(word), words, i + 1))
    if (engine !== undefined) return { engine: programName(engine), behind: own.slice(0, 40) }
  }
  return undefined
}

function isSpoken(name: string, words: readonly string[], next: number): boolean {
  if (composers.test(name)) return true
  // Apple's engine has the name of an ordinary word, which counts only in front.
  const isNamed = engines.test(name) && name !== 'container'
  return isNamed && words.slice(next, next + optionsMax).some(word => starters.has(word))
}

/** The last step of a path, without what only Windows writes behind it. */
export function programName(program: string): string {
  return (program.split(/[\\/]/u).at(-1) ?? program).replace(/\.(?:exe|cmd)$/u, '')
}

/** Words of a shell's text beside the words of the command itself, parted where one command of the text ends. */
function simpleCommands(words: readonly string[]): string[][] {
  const inside = words.flatMap(word =>
    word
      .slice(0, 65_536)
      .split(/[;&|()\n`]+/u)
      .map(tokensOf),
  )
  return [[...words], ...inside]
}

function tokensOf(text: string): string[] {
  return text.split(/[\s"'{}<>$=,[\]]+/u).filter(Boolean)
}
