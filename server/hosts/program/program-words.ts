/** Words for what a program does, and for what a lab cannot do with one. */
import { existsSync } from 'node:fs'
import { type Abilities, SHELL_ABILITIES } from '../../../shared/lab/abilities.ts'
import type { End } from '../../../shared/model/event.ts'
import { plural } from '../../../shared/text/format.ts'
import type { Exit } from './program-process.ts'

/** Without a gate, a lab sees the chat log of a program and none of its datagrams: there is nothing to hold or lose. */
export const PROGRAM_ABILITIES: Abilities = {
  links: [],
  behaviours: [],
  timers: false,
  settings: false,
  key: false,
  topologies: ['line'],
  neighbours: false,
  reports: false,
  why: 'it runs your own program, and the lab reaches only its commands and its chat log',
}

/** Returns what a lab can do with a program. `whyNoGate` says why its datagrams pass no gate. */
export function abilitiesOf(hasGate: boolean, whyNoGate: string | undefined): Abilities {
  if (hasGate)
    return { ...PROGRAM_ABILITIES, links: SHELL_ABILITIES.links, gate: true, why: 'it runs your own program' }
  if (whyNoGate === undefined) return PROGRAM_ABILITIES
  const remedy = remedyOf(whyNoGate)
  return {
    ...PROGRAM_ABILITIES,
    gate: whyNoGate,
    ...(remedy === undefined ? {} : { remedy }),
  }
}

/** Signals by which a program ends itself, and what that mostly means. */
const OWN_FAULTS: Readonly<Record<string, string>> = {
  SIGABRT: 'it found itself in a state that cannot be',
  SIGBUS: 'it used memory that it does not have',
  SIGFPE: 'it divided by zero',
  SIGILL: 'it ran something that is no instruction',
  SIGPIPE: 'it wrote to a connection that was closed',
  SIGSEGV: 'it used memory that it does not have',
  SIGSYS: 'it asked the system for something forbidden',
  SIGTRAP: 'it ran into a trap',
}

/** Signals by which the command crash ends a program that kills itself. */
const USUAL_AT_CRASH: readonly string[] = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP']

export interface Ending {
  readonly exit: Exit
  /** The last line that the program wrote. */
  readonly lastLine: string | undefined
  /** Whether a crash command had been sent. */
  readonly isCrash: boolean
  /** Whether the lab had to end it, because it went on after the crash command. */
  readonly hadToBeKilled: boolean
  /** Number of its processes that went on, and that the lab ended. */
  readonly survivors: number
}

/** Returns how a program ended that the lab did not stop. */
export function endOf({ exit, lastLine, isCrash, hadToBeKilled, survivors }: Ending): End {
  if ('failure' in exit) return { how: 'failed', why: startWords(exit) }
  const lastWords = lastLine === undefined ? {} : { lastWords: lastLine }
  if (isCrash) return { how: 'crashed', ...atCrash(exit, hadToBeKilled, lastWords) }
  if ('code' in exit) return { how: 'failed', why: `${exitWords(exit.code)}${leftWords(survivors)}`, ...lastWords }
  const meaning = OWN_FAULTS[exit.signal]
  if (meaning === undefined) return { how: 'killed', signal: exit.signal }
  return { how: 'failed', why: `ended by ${exit.signal}: ${meaning}`, ...lastWords }
}

function atCrash(exit: Exit, hadToBeKilled: boolean, lastWords: { readonly lastWords?: string }) {
  if (hadToBeKilled) return { why: 'it went on after crash, so the lab ended it' }
  if (!('signal' in exit) || USUAL_AT_CRASH.includes(exit.signal)) return {}
  return { why: `ended by ${exit.signal}`, ...lastWords }
}

const exitWords = (code: number) =>
  code === 0 ? 'it ended by itself, without an error' : `it ended by itself, with exit code ${code}`

const leftWords = (survivors: number) =>
  survivors === 0 ? '' : `, and left ${plural(survivors, 'process', 'processes')} behind, which the lab has ended`

const startWords = ({ failure, isNoProgram }: Extract<Exit, { failure: string }>) =>
  isNoProgram ? 'the system cannot run it: it is no program for this machine' : `it cannot be started: ${failure}`

/** Returns what a lab without a gate lacks, why, and what would give it more. */
export function layerWords(whyNot: string): readonly string[] {
  const remedy = remedyOf(whyNot)
  return [
    'Datagrams of programs are not shown, and their links have no faults: only commands and chat logs.',
    `  The reason: ${whyNot}`,
    ...(remedy === undefined ? [] : [`  To see them: ${remedy}`]),
  ]
}

/** Files that Docker and Podman put into a container. */
const CONTAINER_MARKS = ['/.dockerenv', '/run/.containerenv']

/** Returns the one command, or the one thing, that gives a lab a gate; undefined when the kind of network has none. */
export function remedyOf(
  whyNot: string,
  isInContainer = CONTAINER_MARKS.some((file) => existsSync(file)),
): string | undefined {
  if (/nft is missing/.test(whyNot)) return 'sudo apt-get install nftables'
  if (/python3/.test(whyNot)) return 'sudo apt-get install python3'
  if (/unshare is missing/.test(whyNot)) return 'sudo apt-get install util-linux'
  if (/No space left/.test(whyNot)) return 'sudo sysctl -w user.max_user_namespaces=10000'
  if (/unshare|uid_map|setgroups|refuse/.test(whyNot))
    return isInContainer
      ? 'start the container with docker run --security-opt seccomp=unconfined'
      : 'sudo sysctl -e -w kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0'
  if (/too busy/.test(whyNot)) return 'end some other programs'
  return /Linux/.test(whyNot) ? 'run the lab on Linux' : undefined
}
