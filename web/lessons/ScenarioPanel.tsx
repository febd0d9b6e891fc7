/** A scenario file beside the stage: its lines, its output, and unmet expectations. */
import { X } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import { parseScenario, type ScenarioLine, type ScenarioProblem } from '../../shared/language/scenario.ts'
import { plural } from '../../shared/text/format.ts'
import { shown } from '../model/shown.ts'
import type { ScenarioFile } from '../store/side.ts'
import { arrangementOf } from '../store/undo/arrangement.ts'
import { usePage, usePageState } from '../ui/page.ts'
import { bringStageInSight } from '../ui/stage-in-sight.ts'
import { Button, IconButton } from '../ui/ui.tsx'
import styles from './Lessons.module.css'
import { Lines } from './Lines.tsx'
import { lessonHostOf, liveLab } from './live.ts'
import { createScenarioPlayer, type PlayerState, type Said } from './scenario-player.ts'
import { useFramedRun } from './use-framed-run.ts'

export default function ScenarioPanel({ file }: { readonly file: ScenarioFile }) {
  const { side } = usePage()
  const parsed = useMemo(() => parseScenario(file.text), [file])
  return (
    <section className={styles.panel} aria-label={`Scenario ${shown(file.name)}`}>
      <div className={styles.head}>
        <h2>{shown(file.name)}</h2>
        <IconButton label="Close the scenario" onClick={() => side.setState({ kind: 'inspector' }, true)}>
          <X size={18} aria-hidden />
        </IconButton>
      </div>
      {parsed.ok ? <Playing steps={parsed.steps} /> : <Problems problems={parsed.problems} />}
    </section>
  )
}

const MAX_PROBLEMS = 20

function Problems({ problems }: { readonly problems: readonly ScenarioProblem[] }) {
  return (
    <div role="alert" className={styles.column}>
      <p>This file has errors, so nothing was run:</p>
      <ul className={styles.said}>
        {problems.slice(0, MAX_PROBLEMS).map(({ line, column, error }) => (
          <li key={`${line}:${column}`} data-failed="true">
            line {line}, column {column}: {shown(error)}
          </li>
        ))}
      </ul>
      {problems.length > MAX_PROBLEMS && <p>and {problems.length - MAX_PROBLEMS} more</p>}
    </div>
  )
}

function Playing({ steps }: { readonly steps: readonly ScenarioLine[] }) {
  const page = usePage()
  const [player] = useState(() => createScenarioPlayer(steps, lessonHostOf(page)))
  const state = useStore(player)
  const live = usePageState(({ connection }) => connection.phase === 'live')
  const [fresh, setFresh] = useState(true)
  useEffect(() => player.stop, [player])
  useEffect(bringStageInSight, [])
  useFramedRun(state.span)
  const { phase } = state
  const idle = phase === 'ready' || phase === 'ended'
  function proceed(how: (onNewNetwork: boolean) => void) {
    if (idle) page.undo.runs(arrangementOf(liveLab(page)))
    page.player.follow()
    how(fresh)
  }
  return (
    <>
      {player.network !== null && (
        <label className={styles.pace}>
          <input type="checkbox" checked={fresh} disabled={!idle} onChange={({ target }) => setFresh(target.checked)} />
          <span>
            On a new network: <code>{player.network.split(' ').slice(0, 3).join(' ')}</code>
          </span>
        </label>
      )}
      <div className={styles.buttons}>
        {phase === 'running' ? (
          <Button kind="primary" onClick={player.pause}>
            Pause
          </Button>
        ) : (
          <Button kind="primary" disabled={!live} onClick={() => proceed(player.run)}>
            {phase === 'paused' ? 'Continue' : phase === 'ended' ? 'Run again' : 'Run'}
          </Button>
        )}
        <Button disabled={!live || phase === 'running'} onClick={() => proceed(player.step)}>
          Step
        </Button>
        <Button disabled={idle} onClick={player.stop}>
          Stop
        </Button>
      </div>
      <Lines steps={steps} now={state.now} paused={phase === 'paused'} />
      <p role="status" className={styles.quiet}>
        {phaseInWords(state)}
      </p>
      <Output said={state.said} />
    </>
  )
}

function phaseInWords({ phase, stopped, failures, now }: PlayerState): string {
  switch (phase) {
    case 'ready':
      return 'Not started yet.'
    case 'running':
      return 'Running.'
    case 'paused':
      return `Paused before line ${now?.step.line ?? ''}.`
    case 'ended': {
      if (stopped) return 'Stopped.'
      return failures === 0 ? 'Done. Every expectation was met.' : `Done. ${plural(failures, 'expectation')} not met.`
    }
  }
}

function Output({ said }: { readonly said: readonly Said[] }) {
  if (said.length === 0) return null
  return (
    <ol className={styles.said} aria-label="Output">
      {said.map(({ number, line, text, failed }) => (
        <li key={number} data-failed={failed}>
          <span className={styles.quiet}>{line === 0 ? '' : line}</span> {shown(text)}
        </li>
      ))}
    </ol>
  )
}
