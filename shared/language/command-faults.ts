/** Parses the commands that make links and nodes fail, and that hold datagrams at the gates. */

import { BEHAVIOURS, type Behaviour, CHANCE_NAMES, type LinkCondition } from '../model/fault.ts'
import { MAX_LINK_DELAY_MS, MAX_NODES } from '../model/lab-settings.ts'
import { after, didYouMean, giveOnce, listed, oneOf, only, Problem, shorten, type Word, whole } from '../text/words.ts'

/** The selected links: every one, one in both directions, or one direction of one. */
export type LinkName =
  | { readonly ways: 'all' }
  | { readonly ways: 'both' | 'one'; readonly from: number; readonly to: number }

export type LinkChange = Partial<Omit<LinkCondition, 'hold' | 'delayMs'>> & { readonly delayMs?: number }

export type Release = 'deliver' | 'drop' | 'duplicate'

/** Selects held datagrams: by number, the oldest on one direction of a link, or all. */
export type HeldName = number | { readonly from: number; readonly to: number } | 'all'

export type FaultCommand =
  | { readonly kind: 'link'; readonly link: LinkName; readonly change: LinkChange | 'heal' }
  /** Clears the faults of all links and nodes. */
  | { readonly kind: 'heal' }
  | { readonly kind: 'behaviour'; readonly id: number; readonly behaviour: Behaviour; readonly on: boolean }
  | { readonly kind: 'hold'; readonly link: LinkName; readonly on: boolean }
  /** Pauses or continues the timers of the protocol. */
  | { readonly kind: 'timers'; readonly held: boolean }
  | { readonly kind: 'release'; readonly how: Release; readonly which: HeldName }
  /** Delivers the oldest held datagram. */
  | { readonly kind: 'step' }

const MAX_HELD_NUMBER = 999_999_999
const SWITCH = ['on', 'off'] as const
const LINK_FORMS = '0 1 for both ways, 0>1 for one way, or * for every link'

/** Parses a line that begins with one of these words. Returns undefined for any other word. */
export function parseFaultCommand(words: readonly Word[]): FaultCommand | undefined {
  const [first] = words
  switch (first?.text) {
    case 'link':
      return parseLink(words)
    case 'node':
      return parseBehaviour(words)
    case 'hold':
      return parseHold(words)
    case 'heal':
    case 'step':
      return only({ kind: first.text }, words, 1)
    case 'deliver':
    case 'drop':
    case 'duplicate':
      return only({ kind: 'release', how: first.text, which: heldName(first.text, words[1], first) }, words, 2)
    default:
      return undefined
  }
}

function parseLink(words: readonly Word[]): FaultCommand {
  const { link, next } = linkName(words, 1)
  if (words[next]?.text === 'heal') return only({ kind: 'link', link, change: 'heal' }, words, next + 1)
  const given = new Set<string>()
  let change: LinkChange = {}
  let place = next
  do {
    const part = linkChange(words, place)
    giveOnce(words[place]?.text ?? '', given, words[place])
    change = { ...change, ...part.change }
    place = part.next
  } while (place < words.length)
  return { kind: 'link', link, change }
}

const CHANGES = ['cut', ...CHANCE_NAMES, 'delay', 'jitter', 'heal'] as const

function linkChange(words: readonly Word[], place: number): { change: LinkChange; next: number } {
  const what = words[place]
  const value = words[place + 1]
  const name = oneOf(what, CHANGES, 'after the link, write', words[place - 1])
  switch (name) {
    case 'cut': {
      const isSaid = value?.text === 'on' || value?.text === 'off'
      return { change: { cut: value?.text !== 'off' }, next: place + (isSaid ? 2 : 1) }
    }
    case 'delay':
      return { change: { delayMs: whole(value, 'delay <ms>', 0, MAX_LINK_DELAY_MS, what) }, next: place + 2 }
    case 'jitter':
      return { change: { jitterMs: whole(value, 'jitter <ms>', 0, MAX_LINK_DELAY_MS, what) }, next: place + 2 }
    case 'heal':
      throw new Problem('heal cannot be combined with other changes: link 0 1 heal', what?.column ?? 1)
    default:
      return { change: { [name]: percent(value, name, what) }, next: place + 2 }
  }
}

function percent(word: Word | undefined, name: string, before: Word | undefined): number {
  const [, digits] = /^(\d{1,3}(?:\.\d{1,6})?)%?$/.exec(word?.text ?? '') ?? []
  const value = digits === undefined ? Number.NaN : Number(digits)
  if (!(value <= 100))
    throw new Problem(`${name} <percent> must be a number from 0 to 100`, word?.column ?? after(before))
  return value
}

/** Parses `0 1`, `0>1` or `*`. Returns the links and the index of the word after them. */
function linkName(words: readonly Word[], place: number): { link: LinkName; next: number } {
  const word = words[place]
  if (word?.text === '*') return { link: { ways: 'all' }, next: place + 1 }
  const one = oneWay(word)
  if (one) return { link: { ways: 'one', ...one }, next: place + 1 }
  if (!word || !/^\d+$/.test(word.text))
    throw new Problem(`name a link: ${LINK_FORMS}`, word?.column ?? after(words[place - 1]))
  const from = whole(word, '<id>', 0, MAX_NODES - 1)
  const to = whole(words[place + 1], '<id>', 0, MAX_NODES - 1, word)
  if (from === to) throw new Problem('a link joins two different nodes', words[place + 1]?.column ?? 1)
  return { link: { ways: 'both', from, to }, next: place + 2 }
}

/** Parses `0>1`. Returns undefined for any other word. */
export function oneWay(word: Word | undefined): { from: number; to: number } | undefined {
  const [, left = '', right = ''] = /^(\d+)>(\d+)$/.exec(word?.text ?? '') ?? []
  if (!word || left === '') return undefined
  const from = whole({ text: left, column: word.column }, '<id>', 0, MAX_NODES - 1)
  const column = word.column + left.length + 1
  const to = whole({ text: right, column }, '<id>', 0, MAX_NODES - 1)
  if (from === to) throw new Problem('a link joins two different nodes', column)
  return { from, to }
}

function parseBehaviour(words: readonly Word[]): FaultCommand {
  const id = whole(words[1], '<id>', 0, MAX_NODES - 1, words[0])
  const behaviour = oneOf(words[2], BEHAVIOURS, `after node ${id}, write`, words[1])
  const on = oneOf(words[3], SWITCH, `after ${behaviour}, write`, words[2]) === 'on'
  return only({ kind: 'behaviour', id, behaviour, on }, words, 4)
}

function parseHold(words: readonly Word[]): FaultCommand {
  const [first, second] = words
  if (second?.text === 'on' || second?.text === 'off')
    return only({ kind: 'hold', link: { ways: 'all' }, on: second.text === 'on' }, words, 2)
  if (second?.text === 'timers')
    return only(
      { kind: 'timers', held: oneOf(words[2], SWITCH, 'after hold timers, write', second) === 'on' },
      words,
      3,
    )
  if (!second || !/^[\d*]/.test(second.text))
    throw new Problem(
      `after hold, write on, off, timers, or a link: 0 1, 0>1 or *${didYouMean(second, ['on', 'off', 'timers'])}`,
      second?.column ?? after(first),
    )
  const { link, next } = linkName(words, 1)
  const on = words[next] === undefined || oneOf(words[next], SWITCH, 'after the link, write') === 'on'
  return only({ kind: 'hold', link, on }, words, next + 1)
}

function heldName(how: Release, word: Word | undefined, before: Word): HeldName {
  const one = oneWay(word)
  if (one) return one
  if (word?.text === 'all' && how !== 'duplicate') return 'all'
  if (word && /^\d+$/.test(word.text)) return whole(word, '<number>', 1, MAX_HELD_NUMBER)
  const forms = ['the number of a held datagram', '0>1 for the oldest there', ...(how === 'duplicate' ? [] : ['all'])]
  const said = word ? `, not '${shorten(word.text)}'` : ''
  throw new Problem(`after ${how}, write ${listed(forms)}${said}`, word?.column ?? after(before))
}
