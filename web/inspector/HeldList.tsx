/** Lists held datagrams, each with the effect of its delivery, and its three actions. */
import { useEffect, useRef, useState } from 'react'
import { paintOfMessage } from '../../shared/model/colours.ts'
import type { HeldDatagram } from '../../shared/model/lab-state.ts'
import { heldName } from '../../shared/model/names.ts'
import { heldTitle, previewWords } from '../model/held.ts'
import { releaseLine } from '../model/lines.ts'
import { Acts } from '../ui/Acts.tsx'
import { usePage, usePageState } from '../ui/page.ts'
import { STATUS, UNDECODED } from '../ui/signs.tsx'
import { Button, Dot } from '../ui/ui.tsx'
import { useLine } from '../ui/use-line.ts'
import { DatagramBytes } from './DatagramBytes.tsx'
import entries from './Entries.module.css'
import styles from './HeldList.module.css'

/** Maximum number of entries. */
const SHOWN = 12

export function HeldList({ datagrams }: { readonly datagrams: readonly HeldDatagram[] }) {
  const selection = usePageState((state) => state.selection)
  const selected = selection?.kind === 'held' ? selection.number : null
  const [all, setAll] = useState(false)
  const { send, error } = useLine()
  // The selected one is shown at any position in the queue.
  const shown = datagrams.filter(({ number }, place) => all || place < SHOWN || number === selected)
  return (
    <>
      <ul className={entries.list}>
        {shown.map((datagram) => (
          <HeldItem
            key={datagram.number}
            datagram={datagram}
            selected={datagram.number === selected}
            send={(line) => void send(line)}
          />
        ))}
      </ul>
      {shown.length < datagrams.length && (
        <Button kind="quiet" onClick={() => setAll(true)}>
          Show {datagrams.length - shown.length} more
        </Button>
      )}
      {error !== null && (
        <p className={styles.error} role="alert">
          {error}
        </p>
      )}
    </>
  )
}

const RELEASES = [
  { how: 'deliver', label: 'Deliver' },
  { how: 'drop', label: 'Drop' },
  { how: 'duplicate', label: 'Duplicate' },
] as const

interface ItemProps {
  readonly datagram: HeldDatagram
  readonly selected: boolean
  readonly send: (line: string) => void
}

function HeldItem({ datagram, selected, send }: ItemProps) {
  const { store } = usePage()
  const lab = usePageState((state) => state.lab)
  const step = usePageState((state) => state.step)
  const live = usePageState(({ connection }) => connection.phase === 'live')
  const item = useRef<HTMLLIElement>(null)
  const { number, content, head, bytes } = datagram
  const isFresh = step !== null && step.before.held[number] === undefined
  useEffect(() => {
    if (selected) item.current?.scrollIntoView({ block: 'nearest' })
  }, [selected])
  return (
    <li ref={item} data-selected={selected} data-fresh={isFresh} aria-label={`Held ${heldName(number)}`}>
      <button
        type="button"
        className={`${entries.what} ${styles.what}`}
        aria-pressed={selected}
        onClick={() => store.select({ kind: 'held', number })}
      >
        {content.kind === 'rumor' ? (
          <Dot paint={paintOfMessage(lab, content.origin, content.seq)} />
        ) : content.kind === 'undecoded' ? (
          UNDECODED
        ) : (
          STATUS
        )}
        <span>
          {heldName(number)}: {heldTitle(datagram, lab)}
        </span>
        {isFresh && <em>new</em>}
      </button>
      <p>{previewWords(lab, number)}</p>
      {selected && head !== undefined && <DatagramBytes head={head} bytes={bytes} content={content} />}
      <Acts>
        <div className={styles.actions}>
          {RELEASES.map(({ how, label }) => (
            <Button
              key={how}
              disabled={!live}
              aria-label={`${label} ${heldName(number)}`}
              onClick={() => send(releaseLine(how, number))}
            >
              {label}
            </Button>
          ))}
        </div>
      </Acts>
    </li>
  )
}
