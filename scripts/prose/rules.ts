/**
 * The rules of "Style" in CONTRIBUTING.md that a machine can check: openings that begin no plain sentence, and words in a
 * meaning that was given up. Some kept prose linters are extensible (textlint, retext), but none reads comments and
 * strings of TypeScript, and all of these rules would still be ours. So this is a small check of our own.
 */
import type { Kind } from './passages.ts'

interface Rule {
  readonly pattern: RegExp
  /** Completes "better:". */
  readonly instead: string
}

/** Openings of sentences, labels and test names. */
const OPENINGS: readonly Rule[] = [
  {
    pattern: /^(what|whatever|who|whose|which|why)\b/i,
    instead: 'name the subject, such as "The node sends", "Reason why"',
  },
  { pattern: /^one (that|which|who|whose|of an?)\b/i, instead: 'name the thing, such as "A link that"' },
  {
    pattern: /^of (an?|the|each|every|one|all|two|those|these|what|any|no|whom)\b/i,
    instead: 'begin with the subject',
  },
  { pattern: /^as (it|they|an?|the|if|long|many|much)\b[^,]*$/i, instead: 'begin with the subject' },
  { pattern: /^(asked|told|said|seen|given|taken) (of|to|by|for|in)\b/i, instead: 'begin with the subject' },
]

/** Openings that a heading may have, as in "How it works", but no sentence: a clause without its main clause. */
const CLAUSES: readonly Rule[] = [
  { pattern: /^how (?!to\b)/i, instead: 'a noun, such as "Number of", "Time in ms"' },
  { pattern: /^(where|when|while|if|because|unless|until)\b[^,]*$/i, instead: 'add the main clause, or its comma' },
]

const WORDS: readonly Rule[] = [
  { pattern: /(?<!\bin[ -])\bflights?\b/i, instead: 'unacknowledged rumor, delayed datagram ("in flight" is right)' },
  { pattern: /\barrows?\b(?! keys?\b)/i, instead: 'datagram, or line in a drawing' },
  {
    pattern:
      /\b(holds?|holding) (the |an? |its |all |any |no |\w+ (new |different |consecutive )?)?(messages?|texts?)\b/i,
    instead: 'has: only datagrams are held',
  },
  {
    pattern: /\bmessages? (that |which )?((it|they|he|she|\w+ nodes?|nodes?( \d+)?) )?(holds?|held)\b/i,
    instead: 'has: only datagrams are held',
  },
  {
    pattern:
      /(?<!messages? (that |which )?)\b(nodes?|senders?)( …| \d+)? (holds?|held)\b(?! (\w+ )?(datagrams?|messages?|texts?))/i,
    instead: 'has: only datagrams are held',
  },
  { pattern: /\bunusable\b/i, instead: 'rejected' },
  { pattern: /\b(un)?settl(es?|ed|ing)\b/i, instead: 'agreed, flushed' },
  { pattern: /\b(stands?|stood|standing)\b(?!-ins?\b| for\b| out\b)/i, instead: 'is, are' },
  { pattern: /\bweigh(s|ed|ing)?\b/i, instead: 'checks, applies' },
  {
    pattern: /\b(is|are|was|were|be|been|being|gets?) told\b|\btells? of\b/i,
    instead: 'name who reports: "the node reports"',
  },
  { pattern: /\b(is|are|was|were) to be\b/i, instead: 'must be, will be' },
  { pattern: /\bwhoever\b/i, instead: 'the person, the node, the caller that' },
]

/** Returns a line for each rule that a sentence of the text breaks: the sentence, and how to mend it. */
export function findingsIn(kind: Kind, text: string): string[] {
  return sentencesOf(text).flatMap((sentence) =>
    rulesFor(kind, sentence)
      .filter(({ pattern }) => pattern.test(sentence))
      .map(({ instead }) => `“${sentence}” (better: ${instead})`),
  )
}

function rulesFor(kind: Kind, sentence: string): readonly Rule[] {
  // Table cells and parts of computed texts begin in lower case, and may be less than a sentence.
  const opens = kind === 'comment' || kind === 'test name' || /^\p{Lu}/u.test(sentence)
  if (!opens || sentence.endsWith('?')) return WORDS
  return kind === 'comment' || /[.:]$/.test(sentence) ? [...OPENINGS, ...CLAUSES, ...WORDS] : [...OPENINGS, ...WORDS]
}

const sentencesOf = (text: string): string[] =>
  text.split(/(?<=[.!?][)”"]?) +/).map((sentence) => sentence.replace(/^[("“]+/, ''))
