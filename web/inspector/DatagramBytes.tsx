/** The bytes of a datagram of a program, and beside them the fields that the lab reads from them. */

import type { AnyContent } from '../../shared/model/event.ts'
import { byteRows, fieldsOf } from '../model/datagram-fields.ts'
import { usePageState } from '../ui/page.ts'
import { FactRow } from '../ui/ui.tsx'
import styles from './Inspector.module.css'

interface Props {
  /** The first bytes, in base64. */
  readonly head: string
  /** Number of all bytes. */
  readonly bytes: number
  readonly content: AnyContent
}

export function DatagramBytes({ head, bytes, content }: Props) {
  const lab = usePageState((state) => state.lab)
  const rows = byteRows(head)
  const shown = atob(head).length
  return (
    <div className={styles.sideBySide}>
      <div>
        <h3>{shown < bytes ? `First ${shown} of ${bytes} bytes` : `Bytes: ${bytes}`}</h3>
        <div className={styles.tableBox}>
          <table className={styles.bytes} aria-label="Bytes">
            <tbody>
              {rows.map(({ place, hex, text }) => (
                <tr key={place}>
                  <td>{hex}</td>
                  <td>{text}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
      <div>
        <h3>Fields</h3>
        <dl className={styles.facts} aria-label="Fields">
          {fieldsOf(content, lab).map(([term, words]) => (
            <FactRow key={`${term} ${words}`} term={term} words={words} />
          ))}
        </dl>
      </div>
    </div>
  )
}
