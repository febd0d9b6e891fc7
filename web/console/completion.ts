/** Completes a command line for the Tab key. */

import { DEFAULTS } from '../../shared/gossip/settings.ts'
import { parseCommand } from '../../shared/language/command.ts'
import { COMMAND_FORMS, exampleOf } from '../../shared/language/command-forms.ts'
import { HELP_TOPICS } from '../../shared/language/help.ts'
import { needsOf } from '../../shared/language/needs.ts'
import type { Ability } from '../../shared/model/lacks.ts'
import { TOPOLOGIES } from '../../shared/model/topology.ts'

export interface Known {
  readonly n: number
  readonly basePort: number
  /** Returns whether commands that need an ability can be carried out in the lab. */
  readonly isAble: (ability: Ability) => boolean
}

const FORMS = COMMAND_FORMS.map(({ form }) => {
  const parsed = parseCommand(exampleOf(form))
  return { words: form.split(' '), needs: parsed.ok ? needsOf(parsed.command) : [] }
})

export interface Completion {
  /** The line with the unambiguous part added. */
  readonly line: string
  /** The possible words, if there are several. */
  readonly options: readonly string[]
}

/** Null when there is nothing to add. */
export function complete(line: string, known: Known): Completion | null {
  const words = line.split(/\s+/)
  if (words[0] === '') words.shift()
  const typed = words.pop() ?? ''
  const forms = FORMS.filter(({ needs }) => needs.every(known.isAble))
  const candidates = [...new Set(forms.flatMap((form) => candidatesOf(form.words, words, known)))]
  const options = candidates.filter((candidate) => candidate.startsWith(typed) && candidate !== typed)
  if (options.length === 0) return null
  const head = line.slice(0, line.length - typed.length)
  const [only] = options
  if (options.length === 1 && only !== undefined)
    return { line: `${head}${only}${only.endsWith('=') ? '' : ' '}`, options: [] }
  return { line: head + commonStart(options), options }
}

/** Returns the words that may follow `words` in a form; none when they do not match it. */
function candidatesOf(form: readonly string[], words: readonly string[], known: Known): string[] {
  const fits = words.every((word, place) => {
    const pattern = partOf(form, place)
    if (pattern === undefined) return false
    return pattern.startsWith('<') || pattern.startsWith('[')
      ? /^<(id|n|port|ms)>$/.test(pattern) === /^\d+$/.test(word)
      : pattern === word
  })
  const next = fits ? partOf(form, words.length) : undefined
  return next === undefined ? [] : valuesOf(next, words, known)
}

/** The last part of a form that ends in `...` repeats. */
function partOf(form: readonly string[], place: number): string | undefined {
  const parts = form.filter((part) => !part.startsWith('...'))
  return parts[place] ?? (parts.length < form.length ? parts.at(-1) : undefined)
}

function valuesOf(part: string, words: readonly string[], { n, basePort, isAble }: Known): string[] {
  if (part === '<id>') return Array.from({ length: n }, (_, id) => `${id}`)
  if (part === '<n>') return words[1] === 'start' ? [`${n}`] : []
  if (part === '<port>') return [`${basePort + Number(words[0])}`]
  if (part === '<topology>') return TOPOLOGIES.filter(isAble)
  if (part.includes('<command>')) return [...HELP_TOPICS]
  if (part.includes('<setting>') && !isAble('settings')) return []
  if (part.includes('<setting>')) return Object.keys(DEFAULTS).map((name) => `${name}=`)
  return part.startsWith('<') ? [] : [part]
}

function commonStart(options: readonly string[]): string {
  const [first = ''] = options
  let length = first.length
  while (!options.every((option) => option.startsWith(first.slice(0, length)))) length -= 1
  return first.slice(0, length)
}
