/** Finds the English in a file: the sentences of documents and lessons, comments, test names, and words for people. */
import { type ESTree, type ParseResult, parseSync, Visitor } from 'vite'

export type Kind = 'document' | 'comment' | 'test name' | 'text'

/** A piece of English at `offset` of its file. Code in it is replaced by `CODE`, and line breaks by spaces. */
export interface Passage {
  readonly kind: Kind
  readonly offset: number
  readonly text: string
}

/** Replaces code between backquotes, and a computed value, so that a sentence keeps its grammar. */
const CODE = '…'

export function passagesOf(path: string, source: string): Passage[] {
  if (path.endsWith('.md')) return ofMarkdown(source)
  if (path.endsWith('.css') || path.endsWith('.html')) return ofStyle(source)
  return ofCode(path, source)
}

/** Returns paragraphs, headings, list items and table cells; not fenced or indented code, and no addresses of links. */
function ofMarkdown(source: string): Passage[] {
  const prose = source
    .replace(/^(`{3,})[^\n]*\n[\s\S]*?^\1$/gm, (code) => code.replace(/[^\n]/g, ' '))
    .replace(/^(?: {4}|---$).*$/gm, (code) => ' '.repeat(code.length))
    .replace(/\]\([^)]*\)|\]\[[^\]]*\]|<[^>]+>|[*_[\]]/g, (mark) => ' '.repeat(mark.length))
  const pieces = prose.matchAll(/[^\s|#>-][^\n|]*(?:\n(?! *(?:[-#>|]|\d+\. |\n))[^\n|]+)*/g)
  return Array.from(pieces, (piece) => passage('document', piece.index, piece[0].replace(/^\d+\. +/, '')))
}

function ofStyle(source: string): Passage[] {
  const comments = source.matchAll(/\/\*([\s\S]*?)\*\/|<!--([\s\S]*?)-->/g)
  return Array.from(comments, ({ index, 1: css, 2: html }) => passage('comment', index, css ?? html ?? ''))
}

function ofCode(path: string, source: string): Passage[] {
  const { comments, program } = parseSync(path, source)
  const isTest = path.includes('.test.')
  return [...ofComments(source, comments), ...(isTest ? testNames(source, program) : texts(program))]
}

/** Joins line comments that follow each other. Returns each paragraph and list item; indented paragraphs are code. */
function ofComments(source: string, comments: ParseResult['comments']): Passage[] {
  const joined: { start: number; end: number; text: string }[] = []
  for (const { type, value, start, end } of comments) {
    const last = joined.at(-1)
    if (last && type === 'Line' && /^\n[ \t]*$/.test(source.slice(last.end, start))) {
      last.end = end
      last.text += `\n${value}`
    } else
      joined.push({ start, end, text: type === 'Line' ? value : value.replace(/^\*/, '').replace(/^ *\* ?/gm, '') })
  }
  return joined.flatMap(({ start, text }) =>
    text
      .split(/\n[ \t]*\n|\n(?= *(?:@|- |\d+\. ))/)
      .filter((paragraph) => !/^\n? {4}/.test(paragraph))
      .map((paragraph) => passage('comment', start, paragraph.replace(/^\s*(?:-|\d+\.) +/, ''))),
  )
}

/** Returns full names: a test's name continues those of the groups around it. */
function testNames(source: string, program: ESTree.Program): Passage[] {
  const found: Passage[] = []
  const groups: string[] = []
  new Visitor({
    CallExpression(call) {
      const name = nameOf(call)
      if (name === undefined) return
      if (isGroup(call)) groups.push(name)
      else found.push(passage('test name', call.start, [...groups, name].join(' ')))
    },
    'CallExpression:exit'(call) {
      if (nameOf(call) !== undefined && isGroup(call)) groups.pop()
    },
  }).visit(program)
  return found

  function nameOf({ callee, arguments: [name] }: ESTree.CallExpression): string | undefined {
    if (name === undefined || !/^(it|test|describe)\b/.test(source.slice(callee.start, callee.end))) return undefined
    if (name.type === 'TemplateLiteral') return wordsOf(name)
    return name.type === 'Literal' && typeof name.value === 'string' ? name.value : undefined
  }

  function isGroup({ callee }: ESTree.CallExpression): boolean {
    return source.startsWith('describe', callee.start)
  }
}

function texts(program: ESTree.Program): Passage[] {
  const found: Passage[] = []
  const add = (offset: number, words: string) => {
    if (isProse(words)) found.push(passage('text', offset, words))
  }
  new Visitor({
    Literal(node) {
      if (typeof node.value === 'string') add(node.start, node.value)
    },
    JSXText(node) {
      add(node.start, node.value)
    },
    TemplateLiteral(node) {
      add(node.start, wordsOf(node))
    },
  }).visit(program)
  return found
}

const wordsOf = ({ quasis }: ESTree.TemplateLiteral): string => quasis.map(({ value }) => value.raw).join(CODE)

/** Tells words for people from class names, paths, selectors and code: two words, and nothing of code. */
const isProse = (text: string): boolean =>
  /\p{L}[\p{Ll},.;:’']* +[\p{L}(…“]/u.test(text) && !/[{}<>=;]|^[.M]|\n {2}/.test(text)

function passage(kind: Kind, offset: number, text: string): Passage {
  const words = text
    .replace(/`[^`]*`/g, CODE)
    .replace(/\s+/g, ' ')
    .trim()
  return { kind, offset, text: words }
}
