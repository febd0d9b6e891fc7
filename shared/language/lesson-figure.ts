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
    does: 'from the first node that had the message to the last, and what the links alone take',
  },
  { form: '= took hello', does: 'from the beginning of the scene until the last node had it' },
  { form: '= holders hello', does: 'the running nodes that hold it, and those that cannot get it' },
  { form: '= hops 4 hello', does: 'over how many links it came to node 4' },
  { form: '= cost hello', does: 'datagrams that the message caused: its rumors and their acknowledgements' },
  { form: '= kept-back hello', does: 'the nodes that received it and wait for an earlier message of its origin' },
  { form: '= rumors hello', does: 'rumors that carried it, repeats among them' },
  { form: '= datagrams', does: 'rumors and statuses that were sent, whatever caused them' },
  { form: '= redundant', does: 'rumors that came to a node that had them' },
  { form: '= repeats', does: 'rumors that were sent again because no answer came' },
  { form: '= waiting', does: 'datagrams that are held' },
  { form: '= lost', does: 'datagrams that a link lost, or that were dropped by hand' },
  { form: '= copies-lost', does: 'copies of messages that went with a crash' },
  {
    form: '= rejected',
    does: 'datagrams that their receivers rejected: they mean nothing, or their sender sends too many',
  },
  { form: '= forged', does: 'messages that the node in whose name they are does not hold' },
  { form: '= caught-up 1', does: 'from the restart of node 1 until it held everything' },
  { form: '= memory', does: 'of the largest node' },
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
      if (!third) throw new Problem(`= ${kind} <text>: of which message? Its text is one word`, line.length + 1)
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
