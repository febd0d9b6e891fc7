/** The right panel: shows the selection, with the measures of the whole lab below it. */
import { useEffect, useRef } from 'react'
import { isHolding } from '../model/held.ts'
import { Guard } from '../ui/Guard.tsx'
import { Later } from '../ui/Later.tsx'
import { useMayActHere, usePage, usePageState } from '../ui/page.ts'
import { bringStageInSight } from '../ui/stage-in-sight.ts'
import { ONE_COLUMN } from '../ui/use-media.ts'
import { DatagramPanel } from './DatagramPanel.tsx'
import { HeldPanel } from './HeldPanel.tsx'
import styles from './Inspector.module.css'
import { LinkPanel } from './LinkPanel.tsx'
import { MeasuresPanel } from './MeasuresPanel.tsx'
import { MessagePanel } from './MessagePanel.tsx'
import { NodePanel } from './NodePanel.tsx'

export function Inspector() {
  const known = usePageState(({ loaded, lab }) => loaded && lab.nodes.length > 0)
  const element = useRef<HTMLDivElement>(null)
  useInSight(element)
  if (!known) return <p className={styles.quiet}>Details appear here once the lab responds.</p>
  return (
    <div ref={element} className={styles.inspector}>
      <Findings />
      <Selected />
      <MeasuresPanel />
    </div>
  )
}

const findingsPanel = () => import('./FindingsPanel.tsx')

/** Loads where programs of others take part. A page that was saved as a file does not have it. */
function Findings() {
  const { client } = usePage()
  const hasProgram = usePageState(({ lab }) => lab.nodes.some(({ program }) => program))
  if (!hasProgram || client === null) return null
  return (
    <Guard view="The findings">
      <Later name="the findings" load={findingsPanel}>
        {(Panel) => <Panel />}
      </Later>
    </Guard>
  )
}

const TO_ACT =
  'Select a node to send it a message or crash it. Select a message, a link or a datagram to see its details.'

/** On a phone the panel covers the lower part of the page: its subject stays visible above it. */
function useInSight(element: { readonly current: HTMLElement | null }) {
  const { classroom } = usePage()
  const selection = usePageState((state) => state.selection)
  useEffect(() => {
    // The presenter's selection must not take the focus away from a viewer.
    const { role, following } = classroom.getState()
    if (role === 'viewer' && following) return
    if (selection === null || !matchMedia(ONE_COLUMN).matches) return
    element.current?.closest('aside')?.scrollTo({ top: 0 })
    if (selection.kind !== 'message') bringStageInSight()
  }, [selection, element, classroom])
}

function Selected() {
  const selection = usePageState((state) => state.selection)
  const holding = usePageState(({ lab }) => isHolding(lab))
  const mayAct = useMayActHere()
  switch (selection?.kind) {
    case 'node':
      return <NodePanel key={selection.id} id={selection.id} />
    case 'message':
      return <MessagePanel origin={selection.origin} seq={selection.seq} />
    case 'datagram':
      return <DatagramPanel datagram={selection.id} />
    case 'link':
      return <LinkPanel key={`${selection.a}-${selection.b}`} a={selection.a} b={selection.b} />
    case 'held':
      return <HeldPanel />
    case undefined:
      if (holding) return <HeldPanel />
      return (
        <section className={styles.part}>
          <h2>The lab</h2>
          <p className={styles.quiet}>
            {mayAct ? TO_ACT : 'Select a node, a message, a link or a datagram to see its details.'}
          </p>
        </section>
      )
  }
}
