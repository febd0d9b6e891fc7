/** A node's status vector beside what each neighbour said last, with the differences marked and said in words. */
import { differences, originsOf } from '../../shared/explain.ts'
import { formatOrigin } from '../../shared/gossip/origin.ts'
import type { LabState, NodeState } from '../../shared/lab-state.ts'
import { neighboursOf } from '../../shared/topology.ts'
import { usePage, usePageState } from '../page.ts'
import styles from './Inspector.module.css'
import { Button } from './ui.tsx'

export function StatusVectors({ node }: { readonly node: NodeState }) {
  const { store } = usePage()
  const lab = usePageState((state) => state.lab)
  const neighbours = neighboursWith(node, lab)
  const origins = originsOf([node.vector, ...neighbours.map(({ id }) => heardFrom(node, lab.nodes[id]) ?? {})])
  return (
    <div>
      <h3>Status vectors: its own, its neighbours’ last</h3>
      {origins.length === 0 ? (
        <p className={styles.quiet}>nothing held yet</p>
      ) : (
        <div className={styles.tableBox}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">origin</th>
                <th scope="col">node {node.id}</th>
                {neighbours.map(({ id }) => (
                  <th scope="col" key={id}>
                    <Button
                      kind="quiet"
                      style={{ padding: 0, minHeight: 24 }}
                      onClick={() => store.select({ kind: 'node', id })}
                    >
                      node {id}
                    </Button>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {origins.map((origin) => (
                <tr key={origin}>
                  <th scope="row">{formatOrigin(origin)}</th>
                  <td>{node.vector[origin] ?? 0}</td>
                  {neighbours.map((neighbour) => (
                    <td key={neighbour.id}>
                      <Count
                        here={node.vector[origin] ?? 0}
                        there={heardFrom(node, neighbour)?.[origin]}
                        known={heardFrom(node, neighbour) !== undefined}
                      />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {neighbours
        .flatMap((neighbour) => wordsAbout(node, neighbour))
        .map((words) => (
          <p key={words} className={styles.quiet}>
            {words}
          </p>
        ))}
    </div>
  )
}

interface CountProps {
  readonly here: number
  readonly there: number | undefined
  readonly known: boolean
}

function Count({ here, there = 0, known }: CountProps) {
  if (!known) return <span title="nothing heard yet">–</span>
  return here === there ? there : <mark>{there}</mark>
}

const neighboursWith = ({ id }: NodeState, { settings, nodes }: LabState): readonly NodeState[] =>
  settings
    ? (neighboursOf(settings.topology, nodes.length, settings.seed)[id] ?? []).flatMap((other) => nodes[other] ?? [])
    : []

const heardFrom = ({ heard }: NodeState, neighbour: NodeState | undefined) => neighbour && heard[neighbour.port]

const MAX_WORDS = 3

function wordsAbout(node: NodeState, neighbour: NodeState): string[] {
  const heard = heardFrom(node, neighbour)
  if (!heard) return [`${node.id} has not heard from ${neighbour.id} yet`]
  const gone = neighbour.status !== 'running' && neighbour.status !== 'starting'
  const words = differences(node.vector, heard).map(({ origin, here, there }) => {
    if (there > here) return `${neighbour.id} has ${formatOrigin(origin)} up to ${there}, ${node.id} up to ${here}`
    const which = here - there === 1 ? `${formatOrigin(origin)}.${there}` : `${formatOrigin(origin)} from ${there} on`
    return gone
      ? `${neighbour.id} had not acknowledged ${which} when it ended`
      : `${neighbour.id} has not acknowledged ${which} yet`
  })
  return words.length > MAX_WORDS
    ? [...words.slice(0, MAX_WORDS), `and ${words.length - MAX_WORDS} more about ${neighbour.id}`]
    : words
}
