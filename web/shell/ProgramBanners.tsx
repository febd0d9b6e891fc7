/** Offers to restart programs that are out of date, and says why the lab does not see their datagrams. */
import { useState } from 'react'
import { nodeNames } from '../../shared/model/names.ts'
import { capital } from '../../shared/text/words.ts'
import { RESTART_LINE } from '../model/lines.ts'
import { needsGate, outdatedIds, tooSmallIds } from '../model/program-state.ts'
import { shown } from '../model/shown.ts'
import { createMemory } from '../store/memory.ts'
import { Acts } from '../ui/Acts.tsx'
import { useMayAct, usePageState } from '../ui/page.ts'
import { Remedy } from '../ui/Remedy.tsx'
import { Button } from '../ui/ui.tsx'
import { useLine } from '../ui/use-line.ts'
import { Calm } from './Calm.tsx'

export default function ProgramBanners() {
  return (
    <Acts>
      <RestartBanner />
      <GateBanner />
    </Acts>
  )
}

function RestartBanner() {
  const lab = usePageState((state) => state.lab)
  const live = usePageState(({ connection }) => connection.phase === 'live')
  const [dismissed, setDismissed] = useState('')
  const [busy, setBusy] = useState(false)
  const { send, error } = useLine()
  const [old, small] = [outdatedIds(lab), tooSmallIds(lab)]
  const kind = `${lab.nodes.map(({ startedAt }) => startedAt)} ${old} ${small}`
  if (old.length + small.length === 0 || kind === dismissed) return null
  async function restart() {
    setBusy(true)
    await send(RESTART_LINE)
    setBusy(false)
  }
  return (
    <Calm
      close={() => setDismissed(kind)}
      words={
        old.length > 0 ? (
          <>
            <strong>Your program has changed.</strong> {isOrAre(old, 'an older build')}.
          </>
        ) : (
          <>
            <strong>The network has grown.</strong> {capital(nodeNames(small))} began with fewer nodes, and cannot know
            the new ones.
          </>
        )
      }
    >
      {error !== null && <span role="alert">{shown(error)}</span>}
      <Button disabled={!live || busy} title={`${RESTART_LINE}: keeps faults, clears messages`} onClick={restart}>
        {busy ? 'Restarting …' : old.length > 0 ? 'Restart all with the new build' : 'Restart all'}
      </Button>
    </Calm>
  )
}

const isOrAre = (ids: readonly number[], what: string) =>
  `${capital(nodeNames(ids))} still ${ids.length === 1 ? 'runs' : 'run'} ${what}`

/** The lab whose notice was dismissed in this tab. */
const memory = createMemory<string>('no gate')

function GateBanner() {
  const gate = usePageState(({ lab }) => lab.nodes.find(needsGate)?.gate)
  const remedy = usePageState(({ lab }) => lab.nodes.find(needsGate)?.lacks?.remedy)
  const id = usePageState(({ header }) => header?.lab ?? '')
  const [dismissed, setDismissed] = useState(() => memory.read())
  const mayAct = useMayAct()
  if (!mayAct || typeof gate !== 'string' || dismissed === id) return null
  function close() {
    memory.write(id)
    setDismissed(id)
  }
  return (
    <Calm
      close={close}
      words={
        <>
          <strong>The lab sees commands and chat logs, and no datagrams.</strong> Reason: {shown(gate)}.
          <Remedy remedy={remedy} />
        </>
      }
    />
  )
}
