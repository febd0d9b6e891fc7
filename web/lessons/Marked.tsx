import { Fragment } from 'react'

/** Shows a text of a lesson: `code` is what somebody types, *these* are new terms. "node 0" stays on one line. */
export function Marked({ text }: { readonly text: string }) {
  let place = 0
  const unbroken = text.replaceAll(/\b(nodes?) (?=\d)/gi, '$1\u00a0')
  const parts = unbroken.split(/(`[^`]+`|\*[^*]+\*)/).map((part) => {
    place += part.length
    return { key: place, mark: part.charAt(0), part }
  })
  return parts.map(({ key, mark, part }) => {
    if (mark === '`') return <code key={key}>{part.slice(1, -1)}</code>
    return mark === '*' ? <em key={key}>{part.slice(1, -1)}</em> : <Fragment key={key}>{part}</Fragment>
  })
}
