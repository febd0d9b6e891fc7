/**
 * Parses the command language: the words of proxy.py, and further ones of the lab. Every click is one of these lines;
 * console, REST, scenario files and the page use this parser.
 */

import { DEFAULTS, SETTING_BOUNDS, type Settings } from '../gossip/settings.ts'
import { textProblem } from '../gossip/text.ts'
import type { ViewersMay } from '../model/event.ts'
import { MAX_LINK_DELAY_MS, MAX_NODES, MIN_NODES } from '../model/lab-settings.ts'
import { TOPOLOGIES, type Topology } from '../model/topology.ts'
import { plural } from '../text/format.ts'
import {
  didYouMean,
  giveOnce,
  nearest,
  oneOf,
  only,
  Problem,
  shorten,
  type Word,
  whole,
  wordsOf,
} from '../text/words.ts'
import { type FaultCommand, parseFaultCommand } from './command-faults.ts'
import { COMMAND_FORMS, LAB_COMMANDS, NODE_COMMANDS, nameOf } from './command-forms.ts'
import { HELP_TOPICS, hasHelp } from './help.ts'

/** Maximum length of a command line, in bytes: the longest text and the words before it. */
export const MAX_LINE_BYTES = 17_408

export type Command =
  /** proxy.py: starts the node, or restarts it after a crash. */
  | { readonly kind: 'start'; readonly id: number; readonly n: number; readonly port: number }
  | { readonly kind: 'msg'; readonly id: number; readonly messageId: string; readonly text: string }
  | { readonly kind: 'chatLog'; readonly id: number }
  | { readonly kind: 'crash'; readonly id: number }
  /** Sends the process of a node a signal, as kill does. */
  | { readonly kind: 'signal'; readonly id: number; readonly signal: NodeSignal }
  /** Ends every node and starts it again, with its settings and faults. */
  | { readonly kind: 'restart' }
  /** proxy.py: ends every node. */
  | { readonly kind: 'exit' }
  /** Time in the air on all links, in ms. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** A key that all nodes share: they reject datagrams without its seal. */
  | { readonly kind: 'key'; readonly on: boolean }
  /** Makes a new network, and starts every node again. */
  | { readonly kind: 'network'; readonly n: number; readonly topology: Topology; readonly settings: Partial<Settings> }
  /** Changes protocol settings of the running nodes. */
  | { readonly kind: 'set'; readonly settings: Partial<Settings> }
  /** Sets whether viewers only watch, or may send messages. */
  | { readonly kind: 'viewers'; readonly may: ViewersMay }
  /** Explains the commands that begin like this topic, or all when it is empty. */
  | { readonly kind: 'help'; readonly topic: string }
  | FaultCommand

export type ParsedCommand =
  | { readonly ok: true; readonly command: Command }
  /** `column` counts from 1. */
  | { readonly ok: false; readonly error: string; readonly column: number }

/** Signals for the process of a node: it ends at once, is suspended, or goes on. */
export const NODE_SIGNALS = ['KILL', 'STOP', 'CONT'] as const
export type NodeSignal = (typeof NODE_SIGNALS)[number]

const VIEWERS_MAY = ['watch', 'chat'] as const

/**
 * Parses one line. Never throws; an error says what is wrong, where, and what to write instead. `alsoKnown` are words
 * that begin a line elsewhere, such as in a scenario: their typing errors are recognized too.
 */
export function parseCommand(line: string, alsoKnown: readonly string[] = []): ParsedCommand {
  try {
    if (line.length > MAX_LINE_BYTES)
      throw new Problem(`the line is too long: at most ${MAX_LINE_BYTES} bytes`, MAX_LINE_BYTES)
    return { ok: true, command: parse(line, alsoKnown) }
  } catch (problem) {
    if (problem instanceof Problem) return { ok: false, error: problem.message, column: problem.column }
    throw problem
  }
}

function parse(line: string, alsoKnown: readonly string[]): Command {
  const lineBreak = line.indexOf('\n')
  if (lineBreak >= 0) throw new Problem('a command must fit on one line', lineBreak + 1)
  const words = wordsOf(line)
  const [first] = words
  if (!first) throw new Problem('the line is empty; help lists the commands', 1)
  if (/^\d+$/.test(first.text)) return parseNodeCommand(line, words)
  switch (first.text) {
    case 'exit':
    case 'restart':
      return only({ kind: first.text }, words, 1)
    case 'help':
      return parseHelp(words)
    case 'delay':
      return only({ kind: 'delay', ms: whole(words[1], 'delay <ms>', 0, MAX_LINK_DELAY_MS, first) }, words, 2)
    case 'key':
      return only({ kind: 'key', on: oneOf(words[1], ['on', 'off'], 'after key, write', first) === 'on' }, words, 2)
    case 'network':
      return {
        kind: 'network',
        n: whole(words[1], '<n>', MIN_NODES, MAX_NODES, first),
        topology: oneOf(words[2], TOPOLOGIES, 'after network <n>, write a topology:', words[1]),
        settings: parseSettings(words.slice(3)),
      }
    case 'viewers':
      return parseViewers(words)
    case 'set':
      if (words.length < 2)
        throw new Problem(
          `after set, write defaults, or a setting such as fanout=2: ${Object.keys(DEFAULTS).join(', ')}`,
          first.column,
        )
      if (words[1]?.text === 'defaults') return only({ kind: 'set', settings: DEFAULTS }, words, 2)
      return { kind: 'set', settings: parseSettings(words.slice(1)) }
    default: {
      const fault = parseFaultCommand(words)
      if (fault) return fault
      throw unknownCommand(first, alsoKnown)
    }
  }
}

/** Parses `<id> ...`: the lines that proxy.py relays. */
function parseNodeCommand(line: string, words: readonly Word[]): Command {
  const id = whole(words[0], '<id>', 0, MAX_NODES - 1)
  const verb = words[1]
  if (!verb) throw new Problem(`after ${id}, write start, msg, get chatLog, crash or signal`, line.length + 1)
  if (verb.text === 'start') return parseStart(id, words)
  if (verb.text === 'msg') return parseMessage(id, line, words)
  if (verb.text === 'get') {
    oneOf(words[2], ['chatLog'], 'after get, write', verb)
    return { kind: 'chatLog', id }
  }
  if (verb.text === 'signal')
    return only({ kind: 'signal', id, signal: oneOf(words[2], NODE_SIGNALS, 'after signal, write', verb) }, words, 3)
  // Accepts any word that begins with crash, with any words after it: the proxy relays it too.
  if (verb.text.startsWith('crash')) return { kind: 'crash', id }
  const hint = didYouMean(verb, NODE_COMMANDS) || '. Commands of a node are start, msg, get chatLog, crash and signal'
  throw new Problem(`Unknown command '${shorten(verb.text)}'${hint}`, verb.column)
}

/** Suggests the probable word, also when a command of a node lacks the node. */
function unknownCommand(word: Word, alsoKnown: readonly string[]): Problem {
  const meant = nearest(word.text, [...LAB_COMMANDS, ...NODE_COMMANDS, ...alsoKnown])
  const form = NODE_COMMANDS.includes(meant ?? '') ? COMMAND_FORMS.find((it) => nameOf(it) === meant)?.form : undefined
  const said = shorten(word.text)
  if (meant === undefined) return new Problem(`Unknown command '${said}'. help lists all commands`, word.column)
  if (meant === word.text) return new Problem(`'${said}' needs the id of a node first: ${form}`, word.column)
  const how = form === undefined ? '' : ` Write it as ${form}`
  return new Problem(`Unknown command '${said}'. Did you mean '${meant}'?${how}`, word.column)
}

/** Accepts `help` alone, or with words of some command. */
function parseHelp(words: readonly Word[]): Command {
  const [, first] = words
  const topic = words
    .slice(1)
    .map(({ text }) => text)
    .join(' ')
  if (first && !hasHelp(topic)) {
    const hint = didYouMean(first, HELP_TOPICS) || '. help lists all commands'
    throw new Problem(`no command contains '${shorten(topic)}'${hint}`, first.column)
  }
  return { kind: 'help', topic }
}

function parseStart(id: number, words: readonly Word[]): Command {
  const n = whole(words[2], '<n>', MIN_NODES, MAX_NODES, words[1])
  if (id >= n) throw new Problem(`a network of ${plural(n, 'node')} has ids 0 to ${n - 1}`, words[0]?.column ?? 1)
  return only({ kind: 'start', id, n, port: whole(words[3], '<port>', 1, 65_535, words[2]) }, words, 4)
}

/** The text is what follows the message id and one space, verbatim. */
function parseMessage(id: number, line: string, words: readonly Word[]): Command {
  const messageId = words[2]
  if (!messageId) throw new Problem('after msg, write an id and a text: msg <messageID> <text>', line.length + 1)
  const column = messageId.column + messageId.text.length + 1
  const text = line.slice(column - 1)
  const problem = textProblem(text)
  if (problem !== undefined) throw new Problem(`${problem}: msg <messageID> <text>`, column)
  return { kind: 'msg', id, messageId: messageId.text, text }
}

function parseViewers(words: readonly Word[]): Command {
  const [first, may] = words
  oneOf(may, ['may'], 'after viewers, write', first)
  return only({ kind: 'viewers', may: oneOf(words[2], VIEWERS_MAY, 'after viewers may, write', may) }, words, 3)
}

function parseSettings(words: readonly Word[]): Partial<Settings> {
  const given = new Set<string>()
  return Object.fromEntries(words.map((word) => parseSetting(word, given)))
}

function parseSetting(word: Word, given: Set<string>): [keyof Settings, number] {
  const { text, column } = word
  const equals = text.includes('=') ? text.indexOf('=') : text.length
  const name = text.slice(0, equals)
  const value = text.slice(equals + 1)
  if (!isSetting(name)) throw unknownSetting({ text: name, column })
  giveOnce(name, given, word)
  const { min, max, whole: isWhole } = SETTING_BOUNDS[name]
  const number = /^\d+(\.\d+)?(e-\d+)?$/.test(value) ? Number(value) : Number.NaN
  if (!(number >= min && number <= max) || (isWhole && !Number.isInteger(number)))
    throw new Problem(
      `${name} must be a ${isWhole ? 'whole ' : ''}number from ${min} to ${max}`,
      column + name.length + 1,
    )
  return [name, number]
}

function unknownSetting(word: Word): Problem {
  const settings = Object.keys(DEFAULTS)
  const hint = didYouMean(word, [...settings, 'defaults']) || `; settings are ${settings.join(', ')}`
  return new Problem(`there is no setting '${shorten(word.text)}'${hint}`, word.column)
}

const isSetting = (name: string): name is keyof Settings => Object.hasOwn(SETTING_BOUNDS, name)
