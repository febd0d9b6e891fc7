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
        does: 'start node <id> with its TCP interface on <port>, or restart it after a crash; a network without this node grows to <n> nodes',
      },
      { form: '<id> msg <messageID> <text>', does: 'send node <id> a new message' },
      { form: '<id> get chatLog', does: 'print the messages that node <id> has' },
      { form: '<id> crash', does: 'crash node <id>; it loses its memory' },
      {
        form: '<id> signal <KILL|STOP|CONT>',
        does: 'send the process of node <id> a signal: KILL ends it, STOP suspends it, CONT lets it go on',
      },
      { form: 'restart', does: 'end every node and start it again; keeps settings and faults, clears messages' },
      { form: 'exit', does: 'end every node' },
    ],
  },
  {
    title: 'Lab',
    forms: [
      {
        form: 'network <n> <topology> [<setting>=<value> ...]',
        does: `start a new network: ${TOPOLOGIES.join(', ')}; keeps settings, delay and key; clears messages and faults`,
      },
      { form: 'set <setting>=<value> ...', does: `change ${settings}` },
      { form: 'set defaults', does: 'reset these settings to their defaults' },
      { form: 'delay <ms>', does: 'set the delay of every link' },
      { form: 'key <on|off>', does: 'make nodes share a key and reject datagrams that are not sealed with it' },
      { form: 'viewers may chat', does: 'let viewers send messages to nodes' },
      { form: 'viewers may watch', does: 'let viewers watch only' },
      { form: 'help [<command>]', does: 'list the commands, or explain one; help all explains every command' },
    ],
  },
  {
    title: 'Faults',
    forms: [
      {
        form: 'link <id> <id> cut',
        does: 'cut a link both ways; write link 0>1 cut for one way, link * cut for every link',
      },
      ...CHANCE_NAMES.map((name) => ({ form: `link <id> <id> ${name} <percent>`, does: CHANCES[name].does })),
      {
        form: 'link <id> <id> delay <ms> jitter <ms>',
        does: 'set the delay of a link, plus a random jitter up to the second number',
      },
      { form: 'link <id> <id> heal', does: 'remove the faults of a link; held datagrams stay held' },
      ...BEHAVIOURS.map((name) => ({
        form: `node <id> ${name} <on|off>`,
        does: `the node ${BEHAVIOUR_IN_WORDS[name]}`,
      })),
      { form: 'heal', does: 'remove all faults of links and nodes' },
    ],
  },
  {
    title: 'Hold',
    forms: [
      {
        form: 'hold on',
        does: 'hold datagrams at their sender’s gate, on every link; write hold 0>1 for one way, hold 0 1 for both',
      },
      { form: 'hold off', does: 'release all held datagrams and stop holding; write hold 0>1 off for one way' },
      { form: 'hold timers <on|off>', does: 'stop the timers of the protocol, or let them run' },
      {
        form: 'deliver <number>',
        does: 'deliver a held datagram; write deliver 0>1 for the oldest there, deliver all for every one',
      },
      { form: 'drop <number>', does: 'drop a held datagram; drop 0>1 and drop all work as with deliver' },
      {
        form: 'duplicate <number>',
        does: 'hold a second copy of a held datagram; write duplicate 0>1 for the oldest there',
      },
      { form: 'step', does: 'deliver the oldest held datagram' },
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

/** Returns a line of a form, about nodes of a network of two. */
export const exampleOf = (form: string, id = 0, port = 20_000): string =>
  form
    .replace(/^link <id> <id>/, 'link 0 1')
    .replace('<id>', `${id}`)
    .replace('<n>', '2')
    .replace('<port>', `${port}`)
    .replace(' <topology>', ' line')
    .replace(/ \[.*\]/, '')
    .replace('<messageID>', '1')
    .replace('<text>', 'hello')
    .replace('<percent>', '10')
    .replaceAll('<ms>', '50')
    .replace('<on|off>', 'on')
    .replace('<setting>=<value> ...', 'fanout=1')
    .replace('<number>', '1')
    .replace('<KILL|STOP|CONT>', 'STOP')
