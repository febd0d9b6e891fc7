/** Parses and formats the figures that a lesson measures in its own run. */
import { MAX_NODES } from '../model/lab-settings.ts'
import { oneOf, only, Problem, whole, wordsOf } from '../text/words.ts'

/** The text of a message, one word, names it; a figure without a message counts from the start of the scene. */
export type Figure =
  | { readonly kind: (typeof OF_MESSAGE)[number]; readonly text: string }
  | { readonly kind: 'hops'; readonly text: string; readonly id: number }
  | { readonly kind: 'caught-up'; readonly id: number }
  | { readonly kind: (typeof COUNTED)[number] }

const OF_MESSAGE = ['time', 'took', 'holders', 'kept-back', 'cost', 'rumors'] as const
const COUNTED = [
  'datagrams',
  'redundant',
  'repeats',
  'waiting',
  'lost',
  'copies-lost',
  'rejected',
  'forged',
  'memory',
] as const

export const FIGURES: readonly { readonly form: string; readonly does: string }[] = [
  {
    form: '= time hello',
    does: 'the time from the first node that had the message to the last, and the delay of the links alone',
  },
  { form: '= took hello', does: 'the time from the start of the scene until the last node had it' },
  { form: '= holders hello', does: 'the running nodes that have it, and those that are cut off' },
  { form: '= hops 4 hello', does: 'the links that it crossed on its way to node 4' },
  { form: '= cost hello', does: 'the datagrams that it caused: its rumors and their acknowledgements' },
  { form: '= kept-back hello', does: 'the nodes that received it and wait for an earlier message of its origin' },
  { form: '= rumors hello', does: 'the rumors that carried it, with repeats' },
  { form: '= datagrams', does: 'all rumors and statuses that were sent' },
  { form: '= redundant', does: 'rumors that reached a node that already had the message' },
  { form: '= repeats', does: 'rumors that were sent again because no answer came' },
  { form: '= waiting', does: 'datagrams that are held' },
  { form: '= lost', does: 'datagrams that were lost on a link or dropped by hand' },
  { form: '= copies-lost', does: 'copies of messages that were lost in a crash' },
  {
    form: '= rejected',
    does: 'datagrams that their receivers rejected: they mean nothing, or their sender sends too many',
  },
  { form: '= forged', does: 'messages that name an origin which never sent them' },
  { form: '= caught-up 1', does: 'the time from the restart of node 1 until it had every message' },
  { form: '= memory', does: 'the memory of the node that uses most' },
]

/** Parses `= time hello`. @throws Problem if it is not such a figure. */
export function parseFigure(line: string): Figure {
  const words = wordsOf(line)
  const [equals, name, third, fourth] = words
  const kind = oneOf(name, [...OF_MESSAGE, 'hops', 'caught-up', ...COUNTED] as const, '= what?', equals)
  switch (kind) {
    case 'time':
    case 'took':
    case 'holders':
    case 'kept-back':
    case 'cost':
    case 'rumors':
      if (!third) throw new Problem(`= ${kind} <text>: name the message by its text, one word`, line.length + 1)
      return only({ kind, text: third.text }, words, 3)
    case 'hops':
      if (!fourth) throw new Problem('= hops <id> <text>', line.length + 1)
      return only({ kind, id: whole(third, '<id>', 0, MAX_NODES - 1, name), text: fourth.text }, words, 4)
    case 'caught-up':
      return only({ kind, id: whole(third, '<id>', 0, MAX_NODES - 1, name) }, words, 3)
    default:
      return only({ kind }, words, 2)
  }
}
