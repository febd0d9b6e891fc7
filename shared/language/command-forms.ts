/** Lists every form of each command, with an explanation: for `help`, completion and the page. */

import { DEFAULTS } from '../gossip/settings.ts'
import { BEHAVIOUR_IN_WORDS, BEHAVIOURS, CHANCE_NAMES, CHANCES } from '../model/fault.ts'
import { TOPOLOGIES } from '../model/topology.ts'

export interface CommandForm {
  readonly form: string
  readonly does: string
}

export interface CommandGroup {
  readonly title: string
  readonly forms: readonly CommandForm[]
}

const settings = Object.keys(DEFAULTS).join(', ')

export const COMMAND_GROUPS: readonly CommandGroup[] = [
  {
    title: 'Nodes',
    forms: [
      {
        form: '<id> start <n> <port>',
        does: 'start node <id>, TCP interface on <port>; restarts it after a crash; a network without it grows to <n> nodes',
      },
      { form: '<id> msg <messageID> <text>', does: 'give node <id> a new message' },
      { form: '<id> get chatLog', does: 'print what node <id> holds' },
      { form: '<id> crash', does: 'crash node <id>; its memory is lost' },
      { form: 'exit', does: 'end every node' },
    ],
  },
  {
    title: 'Lab',
    forms: [
      {
        form: 'network <n> <topology> [<setting>=<value> ...]',
        does: `a new network: ${TOPOLOGIES.join(', ')}; keeps settings, delay and key, clears messages and faults`,
      },
      { form: 'set <setting>=<value> ...', does: `change ${settings}` },
      { form: 'set defaults', does: 'set all of these back to their defaults' },
      { form: 'delay <ms>', does: 'time in the air on every link' },
      { form: 'key <on|off>', does: 'nodes share a key, and drop datagrams that were not sealed with it' },
      { form: 'viewers may chat', does: 'viewers may send messages to nodes' },
      { form: 'viewers may watch', does: 'viewers look on and send nothing' },
      { form: 'help [<command>]', does: 'print the commands, or how one is written; help all prints every form' },
    ],
  },
  {
    title: 'Faults',
    forms: [
      {
        form: 'link <id> <id> cut',
        does: 'nothing passes, both ways; one way is link 0>1 cut, every link is link * cut',
      },
      ...CHANCE_NAMES.map((name) => ({ form: `link <id> <id> ${name} <percent>`, does: CHANCES[name].does })),
      { form: 'link <id> <id> delay <ms> jitter <ms>', does: 'time in the air, and up to so much more by chance' },
      { form: 'link <id> <id> heal', does: 'the link as it should be; held datagrams stay held' },
      ...BEHAVIOURS.map((name) => ({
        form: `node <id> ${name} <on|off>`,
        does: `the node ${BEHAVIOUR_IN_WORDS[name]}`,
      })),
      { form: 'heal', does: 'every link and every node as it should be' },
    ],
  },
  {
    title: 'Hold',
    forms: [
      {
        form: 'hold on',
        does: 'datagrams wait at their sender’s gate, on every link; one way is hold 0>1, both hold 0 1',
      },
      { form: 'hold off', does: 'lets go what waits, on every link; one way is hold 0>1 off' },
      { form: 'hold timers <on|off>', does: 'the timers of the protocol stand still' },
      {
        form: 'deliver <number>',
        does: 'let a held datagram go; deliver 0>1 is the oldest there, deliver all is every one',
      },
      { form: 'drop <number>', does: 'a held datagram is lost; drop 0>1 and drop all as with deliver' },
      { form: 'duplicate <number>', does: 'a held datagram is held twice; duplicate 0>1 is the oldest there' },
      { form: 'step', does: 'deliver the oldest of all held datagrams' },
    ],
  },
]

export const COMMAND_FORMS: readonly CommandForm[] = COMMAND_GROUPS.flatMap(({ forms }) => forms)

const BEFORE_VERB = '<id> '
const isNodeForm = ({ form }: CommandForm) => form.startsWith(BEFORE_VERB)

/** The word that identifies a command: `msg` in `<id> msg <messageID> <text>`. */
export const nameOf = (command: CommandForm): string =>
  (isNodeForm(command) ? command.form.slice(BEFORE_VERB.length) : command.form).split(' ')[0] ?? ''

const namesOf = (forms: readonly CommandForm[]): readonly string[] => [...new Set(forms.map(nameOf))]

/** Commands that follow the id of a node, and those that begin a line. */
export const NODE_COMMANDS = namesOf(COMMAND_FORMS.filter(isNodeForm))
export const LAB_COMMANDS = namesOf(COMMAND_FORMS.filter((form) => !isNodeForm(form)))
