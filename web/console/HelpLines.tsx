/**
 * Shows the output of `help` in columns that stay columns on a phone: a term, and beside or below it the explanation.
 */
import { Fragment } from 'react'
import styles from './Console.module.css'

export const isHelp = (line: string): boolean => /^\s*help\b/.test(line)

/** The separator in the output of `shared/language/help.ts`: at least two spaces. */
const COLUMNS = /^\s*(\S.*?) {2,}(\S.*)$/
/** Maximum length of a term beside which an explanation fits on a phone, in characters. */
const SHORT = 12

export function HelpLines({ lines }: { readonly lines: readonly string[] }) {
  const rows = lines.map((line) => {
    const [, term, does] = COLUMNS.exec(line) ?? []
    return { line, term, does }
  })
  return (
    <dl className={styles.help} data-long={rows.some(({ term = '' }) => term.length > SHORT)}>
      {rows.map(({ line, term, does }) => (
        <Fragment key={line}>
          <dt data-whole={term === undefined}>{term ?? line}</dt>
          {does !== undefined && <dd>{does}</dd>}
        </Fragment>
      ))}
    </dl>
  )
}
