/** Lists what is wrong with programs of others, the newest first: a click goes to the instant that shows it. */
import { ClipboardCopy } from 'lucide-react'
import { useEffect, useReducer, useState } from 'react'
import type { Finding } from '../../shared/findings/finding.ts'
import { formatInstant, plural } from '../../shared/text/format.ts'
import { shown, shownLines } from '../model/shown.ts'
import { copied, NO_CLIPBOARD } from '../ui/clipboard.ts'
import { usePage, usePageState } from '../ui/page.ts'
import { Button } from '../ui/ui.tsx'
import { useLabTime } from '../ui/use-lab-time.ts'
import entries from './Entries.module.css'
import styles from './Findings.module.css'
import { FindingsOfPast, scenarioIn } from './findings-of-past.ts'

/** Interval at which missing events are looked for, in ms. */
const EVERY_MS = 1_000
/** Most entries before a person asks for all. */
const SHOWN = 5

export default function FindingsPanel() {
  const findings = useFindings()
  const isSelected = usePageState(({ selection }) => selection !== null)
  const [all, setAll] = useState(false)
  const [chosen, setChosen] = useState<string | null>(null)
  useCount(findings.length)
  if (findings.length === 0) return null
  const listed = all ? findings : findings.slice(0, SHOWN)
  return (
    <section className={styles.findings} data-beside={isSelected} aria-label="Findings">
      <h2>
        Findings <span>{findings.length}</span>
      </h2>
      <ul className={`${entries.list} ${styles.list}`}>
        {listed.map((finding) => (
          <Item key={keyOf(finding)} finding={finding} chosen={chosen === keyOf(finding)} choose={setChosen} />
        ))}
      </ul>
      {listed.length < findings.length && (
        <Button kind="quiet" onClick={() => setAll(true)}>
          Show {findings.length - listed.length} more
        </Button>
      )}
    </section>
  )
}

function useFindings(): readonly Finding[] {
  const { store, player } = usePage()
  usePageState(({ lab }) => lab)
  useLabTime(EVERY_MS)
  const [kept] = useState(() => new FindingsOfPast())
  const [, again] = useReducer((turn: number) => turn + 1, 0)
  const findings = kept.of(store.past, player.at)
  useEffect(() => {
    if (kept.isComplete) return
    const timer = setTimeout(again)
    return () => clearTimeout(timer)
  })
  return findings
}

/** Tells the stage, which names them while this panel is out of sight. */
function useCount(findings: number) {
  const { store } = usePage()
  useEffect(() => store.setState({ findings }), [store, findings])
  useEffect(() => () => store.setState({ findings: 0 }), [store])
}

const keyOf = ({ network, kind, nodes }: Finding) => `${network} ${kind} ${nodes.join(' ')}`

interface ItemProps {
  readonly finding: Finding
  readonly chosen: boolean
  readonly choose: (key: string) => void
}

function Item({ finding, chosen, choose }: ItemProps) {
  const { words, lookAt, at, event, datagram, nodes, inferred, times } = finding
  const { store, player } = usePage()
  const go = () => {
    choose(keyOf(finding))
    player.seek(at, event)
    const [id = 0] = nodes
    store.select(datagram === undefined ? { kind: 'node', id } : { kind: 'datagram', id: datagram })
  }
  return (
    <li data-selected={chosen}>
      <button type="button" className={entries.what} aria-pressed={chosen} onClick={go}>
        {shown(words)}
      </button>
      <p>{shown(lookAt)}</p>
      <div className={styles.foot}>
        <span>
          {formatInstant(at)}
          {inferred && ' · inferred'}
          {times > 1 && ` · ${plural(times, 'time')}`}
        </span>
        <CopyScenario finding={finding} />
      </div>
    </li>
  )
}

/** Without a clipboard the text is shown. */
function CopyScenario({ finding }: { readonly finding: Finding }) {
  const { store } = usePage()
  const [outcome, setOutcome] = useState<{ readonly text: string; readonly isCopied: boolean } | null>(null)
  const copy = async () => {
    const text = scenarioIn(store.past, finding)
    if (text === undefined) return
    setOutcome({ text, isCopied: await copied(text) })
  }
  return (
    <>
      <Button kind="quiet" onClick={() => void copy()}>
        <ClipboardCopy size={14} aria-hidden /> {outcome?.isCopied ? 'Scenario copied' : 'Copy scenario'}
      </Button>
      {outcome && !outcome.isCopied && (
        <>
          <p role="status">{NO_CLIPBOARD} Copy this text yourself:</p>
          <pre className={styles.text}>{shownLines(outcome.text.split('\n'))}</pre>
        </>
      )}
    </>
  )
}
