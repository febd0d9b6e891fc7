/**
 * The command language: what proxy.py understands, and the lab's further words. Every click is one of these lines;
 * console, REST, scenario files and the page go through this parser.
 */
import { FAULT_FORMS, type FaultCommand, formatFaultCommand, parseFaultCommand } from './command-faults.ts'
import type { ViewersMay } from './event.ts'
import { DEFAULTS, SETTING_BOUNDS, type Settings } from './gossip/settings.ts'
import { textProblem } from './gossip/text.ts'
import { MAX_LINE_BYTES, MAX_LINK_DELAY_MS, MAX_NODES, MIN_NODES } from './limits.ts'
import { TOPOLOGIES, type Topology } from './topology.ts'
import { oneOf, only, Problem, shorten, type Word, whole, wordsOf } from './words.ts'

export type Command =
  /** proxy.py: start the node, or restart it after a crash. */
  | { readonly kind: 'start'; readonly id: number; readonly n: number; readonly port: number }
  | { readonly kind: 'msg'; readonly id: number; readonly messageId: string; readonly text: string }
  | { readonly kind: 'chatLog'; readonly id: number }
  | { readonly kind: 'crash'; readonly id: number }
  /** proxy.py: end every node. */
  | { readonly kind: 'exit' }
  /** All links: time in the air, in ms. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** A key that all nodes share: datagrams without its seal are dropped. */
  | { readonly kind: 'key'; readonly on: boolean }
  /** A new network; every node starts anew. */
  | { readonly kind: 'network'; readonly n: number; readonly topology: Topology; readonly settings: Partial<Settings> }
  /** Protocol settings of the running nodes. */
  | { readonly kind: 'set'; readonly settings: Partial<Settings> }
  /** Whether viewers only look on, or may send messages. */
  | { readonly kind: 'viewers'; readonly may: ViewersMay }
  | { readonly kind: 'help' }
  | FaultCommand

export type ParsedCommand =
  | { readonly ok: true; readonly command: Command }
  /** `column` counts from 1. */
  | { readonly ok: false; readonly error: string; readonly column: number }

const VIEWERS_MAY = ['watch', 'chat'] as const

/** Every form a command can have, with what it does: for `help`, completion and the documentation. */
export const COMMAND_FORMS: readonly { readonly form: string; readonly does: string }[] = [
  {
    form: '<id> start <n> <port>',
    does: 'start node <id>, TCP interface on <port>; restarts it after a crash; a network without it grows to <n> nodes',
  },
  { form: '<id> msg <messageID> <text>', does: 'give node <id> a new message' },
  { form: '<id> get chatLog', does: 'print what node <id> holds' },
  { form: '<id> crash', does: 'crash node <id>; its memory is lost' },
  { form: 'exit', does: 'end every node' },
  { form: 'delay <ms>', does: 'time in the air on every link' },
  { form: 'key <on|off>', does: 'nodes share a key, and drop datagrams that were not sealed with it' },
  {
    form: 'network <n> <topology> [<setting>=<value> ...]',
    does: `a new network: ${TOPOLOGIES.join(', ')}; keeps settings, delay and key, forgets messages and faults`,
  },
  { form: 'set <setting>=<value> ...', does: `change ${Object.keys(DEFAULTS).join(', ')}` },
  { form: 'set defaults', does: 'set all of these back to their defaults' },
  ...FAULT_FORMS,
  { form: 'viewers may chat', does: 'viewers may send messages to nodes' },
  { form: 'viewers may watch', does: 'viewers look on and send nothing' },
  { form: 'help', does: 'print this' },
]

/** Reads one line. Never throws; says what is wrong, where, and what to write instead. */
export function parseCommand(line: string): ParsedCommand {
  try {
    if (line.length > MAX_LINE_BYTES)
      throw new Problem(`a line is at most ${MAX_LINE_BYTES} bytes long`, MAX_LINE_BYTES)
    return { ok: true, command: parse(line) }
  } catch (problem) {
    if (problem instanceof Problem) return { ok: false, error: problem.message, column: problem.column }
    throw problem
  }
}

function parse(line: string): Command {
  const lineBreak = line.indexOf('\n')
  if (lineBreak >= 0) throw new Problem('a command is one line', lineBreak + 1)
  const words = wordsOf(line)
  const [first] = words
  if (!first) throw new Problem('an empty line; help lists the commands', 1)
  if (/^\d+$/.test(first.text)) return parseNodeCommand(line, words)
  switch (first.text) {
    case 'exit':
    case 'help':
      return only({ kind: first.text }, words, 1)
    case 'delay':
      return only({ kind: 'delay', ms: whole(words[1], 'delay <ms>', 0, MAX_LINK_DELAY_MS, first) }, words, 2)
    case 'key':
      return only({ kind: 'key', on: oneOf(words[1], ['on', 'off'], 'key on or off?', first) === 'on' }, words, 2)
    case 'network':
      return {
        kind: 'network',
        n: whole(words[1], '<n>', MIN_NODES, MAX_NODES, first),
        topology: oneOf(words[2], TOPOLOGIES, 'which topology?', words[1]),
        settings: parseSettings(words.slice(3)),
      }
    case 'viewers':
      return parseViewers(words)
    case 'set':
      if (words.length < 2)
        throw new Problem(`set what? defaults, or ${Object.keys(DEFAULTS).join(', ')}`, first.column)
      if (words[1]?.text === 'defaults') return only({ kind: 'set', settings: DEFAULTS }, words, 2)
      return { kind: 'set', settings: parseSettings(words.slice(1)) }
    default: {
      const fault = parseFaultCommand(words)
      if (fault) return fault
      throw new Problem(`'${shorten(first.text)}' is no command; help lists them`, first.column)
    }
  }
}

/** `<id> ...`: what proxy.py relays. */
function parseNodeCommand(line: string, words: readonly Word[]): Command {
  const id = whole(words[0], '<id>', 0, MAX_NODES - 1)
  const verb = words[1]
  if (!verb) throw new Problem(`what should node ${id} do? start, msg, get chatLog or crash`, line.length + 1)
  if (verb.text === 'start') return parseStart(id, words)
  if (verb.text === 'msg') return parseMessage(id, line, words)
  if (verb.text === 'get') {
    if (words[2]?.text !== 'chatLog') throw new Problem('get what? get chatLog', words[2]?.column ?? line.length + 1)
    return { kind: 'chatLog', id }
  }
  // Any word that begins with crash counts, whatever follows: the proxy relays it too.
  if (verb.text.startsWith('crash')) return { kind: 'crash', id }
  throw new Problem(`'${shorten(verb.text)}' is nothing a node does: start, msg, get chatLog or crash`, verb.column)
}

function parseStart(id: number, words: readonly Word[]): Command {
  const n = whole(words[2], '<n>', MIN_NODES, MAX_NODES, words[1])
  if (id >= n) throw new Problem(`with ${n} nodes the ids are 0 to ${n - 1}`, words[0]?.column ?? 1)
  return only({ kind: 'start', id, n, port: whole(words[3], '<port>', 1, 65_535, words[2]) }, words, 4)
}

/** The text is what follows the message id and one space, verbatim. */
function parseMessage(id: number, line: string, words: readonly Word[]): Command {
  const messageId = words[2]
  if (!messageId) throw new Problem('msg <messageID> <text>', line.length + 1)
  const column = messageId.column + messageId.text.length + 1
  const text = line.slice(column - 1)
  const problem = textProblem(text)
  if (problem !== undefined) throw new Problem(`${problem}: msg <messageID> <text>`, column)
  return { kind: 'msg', id, messageId: messageId.text, text }
}

function parseViewers(words: readonly Word[]): Command {
  const [first, may] = words
  oneOf(may, ['may'], 'viewers may what?', first)
  return only({ kind: 'viewers', may: oneOf(words[2], VIEWERS_MAY, 'viewers may what?', may) }, words, 3)
}

function parseSettings(words: readonly Word[]): Partial<Settings> {
  return Object.fromEntries(words.map(parseSetting))
}

function parseSetting({ text, column }: Word): [keyof Settings, number] {
  const equals = text.includes('=') ? text.indexOf('=') : text.length
  const name = text.slice(0, equals)
  const value = text.slice(equals + 1)
  if (!isSetting(name)) throw new Problem(`no setting '${shorten(name)}': ${Object.keys(DEFAULTS).join(', ')}`, column)
  const { min, max, whole: isWhole } = SETTING_BOUNDS[name]
  const number = /^\d+(\.\d+)?(e-\d+)?$/.test(value) ? Number(value) : Number.NaN
  if (!(number >= min && number <= max) || (isWhole && !Number.isInteger(number)))
    throw new Problem(`${name} is a ${isWhole ? 'whole ' : ''}number from ${min} to ${max}`, column + name.length + 1)
  return [name, number]
}

const isSetting = (name: string): name is keyof Settings => Object.hasOwn(SETTING_BOUNDS, name)

/** The line that `parseCommand` reads as this command. */
export function formatCommand(command: Command): string {
  switch (command.kind) {
    case 'start':
      return `${command.id} start ${command.n} ${command.port}`
    case 'msg':
      return `${command.id} msg ${command.messageId} ${command.text}`
    case 'chatLog':
      return `${command.id} get chatLog`
    case 'crash':
      return `${command.id} crash`
    case 'delay':
      return `delay ${command.ms}`
    case 'key':
      return `key ${command.on ? 'on' : 'off'}`
    case 'network':
      return ['network', command.n, command.topology, ...formatSettings(command.settings)].join(' ')
    case 'viewers':
      return `viewers may ${command.may}`
    case 'set':
      return ['set', ...(isDefault(command.settings) ? ['defaults'] : formatSettings(command.settings))].join(' ')
    case 'exit':
    case 'help':
      return command.kind
    default:
      return formatFaultCommand(command)
  }
}

const isDefault = (settings: Partial<Settings>): boolean =>
  Object.entries(DEFAULTS).every(([name, value]) => settings[name as keyof Settings] === value)

const formatSettings = (settings: Partial<Settings>) =>
  Object.entries(settings).map(([name, value]) => `${name}=${value}`)
