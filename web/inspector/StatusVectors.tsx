/** A node's status vector beside the last one of each neighbour, with the differences highlighted and in words. */
import type { ReactNode } from 'react'
import { formatOrigin } from '../../shared/gossip/origin.ts'
import type { NodeState } from '../../shared/model/lab-state.ts'
import { allOrigins, knownOf, wordsAbout } from '../model/vectors.ts'
import { chooseNode } from '../ui/message-field.ts'
import { usePage, usePageState } from '../ui/page.ts'
import styles from './Inspector.module.css'

export function StatusVectors({ node }: { readonly node: NodeState }) {
  const { store } = usePage()
  const lab = usePageState((state) => state.lab)
  const known = knownOf(node, lab)
  const origins = allOrigins(node, known)
  const step = usePageState((state) => state.step)
  const before = step?.before.nodes[node.id]
  const isNew = (was: number | undefined, is: number | undefined) => before !== undefined && (was ?? 0) !== (is ?? 0)
  return (
    <div>
      <h3>Status vectors: its own, and the last from each neighbour</h3>
      {origins.length === 0 ? (
        <p className={styles.quiet}>no messages yet</p>
      ) : (
        <div className={styles.tableBox}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">origin</th>
                <th scope="col">node {node.id}</th>
                {known.map(({ neighbour: { id } }) => (
                  <th scope="col" key={id}>
                    <button type="button" className={styles.link} onClick={() => chooseNode(store, id)}>
                      node {id}
                    </button>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {origins.map((origin) => (
                <tr key={origin}>
                  <th scope="row">{formatOrigin(origin)}</th>
                  <td>
                    <Pulse at={isNew(before?.vector[origin], node.vector[origin]) ? step?.at : undefined}>
                      {node.vector[origin] ?? 0}
                    </Pulse>
                  </td>
                  {known.map(({ neighbour, vector }) => (
                    <td key={neighbour.id}>
                      <Pulse
                        at={
                          isNew(before?.heard[neighbour.port]?.[origin], node.heard[neighbour.port]?.[origin])
                            ? step?.at
                            : undefined
                        }
                      >
                        <Count here={node.vector[origin] ?? 0} there={vector && (vector[origin] ?? 0)} />
                      </Pulse>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {known
        .flatMap((each) => wordsAbout(node, each, lab))
        .map((words) => (
          <p key={words} className={styles.quiet}>
            {words}
          </p>
        ))}
    </div>
  )
}

/** Highlights for a second if the step at that instant changed something; the next step restarts it. */
function Pulse({ at, children }: { readonly at: number | undefined; readonly children: ReactNode }) {
  return (
    <span key={at} className={styles.pulse} data-changed={at !== undefined}>
      {children}
    </span>
  )
}

function Count({ here, there }: { readonly here: number; readonly there: number | null }) {
  if (there === null) return <span title="no status yet">–</span>
  return here === there ? there : <mark>{there}</mark>
}
