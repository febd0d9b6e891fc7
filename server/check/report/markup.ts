/**
 * Writes XML and HTML. Content is text: only `element` makes markup, so a text of a program can never become any.
 * Characters that XML forbids, and those that a reader would obey or not see, become escapes (shared/text/visible.ts).
 */
import { visible } from '../../../shared/text/visible.ts'

/** Text that is markup already. */
export class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type Content = Markup | string | null
export type Attributes = Readonly<Record<string, string | number | undefined>>

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Line ends stay: a text may have several lines. `>` is an entity, because `]]>` must not be in a text of XML. */
const escaped = (text: string): string =>
  text
    .split('\n')
    .map((line) => visible(line).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? ''))
    .join('\n')

/** In an attribute, a parser would turn a line end into a space. */
const attribute = (value: string | number): string => escaped(`${value}`).replaceAll('\n', '&#10;')

/** Elements of HTML that have neither content nor an end tag. */
const VOID = new Set(['meta', 'br', 'hr', 'col'])

/** Omits attributes that are undefined, and children that are null. */
export function element(name: string, attributes: Attributes = {}, ...children: readonly Content[]): Markup {
  const written = Object.entries(attributes).map(([key, value]) =>
    value === undefined ? '' : ` ${key}="${attribute(value)}"`,
  )
  const start = `<${name}${written.join('')}`
  if (VOID.has(name)) return new Markup(`${start}>`)
  return new Markup(`${start}>${children.map(inMarkup).join('')}</${name}>`)
}

const inMarkup = (content: Content): string =>
  content === null ? '' : content instanceof Markup ? content.text : escaped(content)
