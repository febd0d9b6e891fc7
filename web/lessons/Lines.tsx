/** The lines of a scenario, with the present one highlighted, and the awaited condition in words. */
import { useEffect, useRef, useState } from 'react'
import type { ScenarioLine } from '../../shared/language/scenario.ts'
import { formatElapsed } from '../../shared/text/format.ts'
import { shown } from '../model/shown.ts'
import styles from './Lines.module.css'

export interface Now {
  readonly step: ScenarioLine
  readonly since: number
}

interface Props {
  readonly steps: readonly ScenarioLine[]
  readonly now: Now | null
  /** The run pauses before that line. */
  readonly paused?: boolean
}

export function Lines({ steps, now, paused = false }: Props) {
  const current = useRef<HTMLLIElement>(null)
  const line = now?.step.line
  useEffect(() => {
    if (line !== undefined) current.current?.scrollIntoView({ block: 'nearest' })
  }, [line])
  return (
    <ol className={styles.lines}>
      {steps.map((step) => {
        const isNow = step.line === line
        return (
          <li
            key={step.line}
            ref={isNow ? current : null}
            aria-current={isNow ? 'step' : undefined}
            data-done={line !== undefined && step.line < line}
          >
            <code>{shown(step.text.trim())}</code>
            {isNow && now && !paused && <Waiting now={now} />}
          </li>
        )
      })}
    </ol>
  )
}

/** Shorter waits need no words, in ms. */
const WORTH_A_WORD_MS = 500
const EVERY_MS = 250

function Waiting({ now: { step, since } }: { readonly now: Now }) {
  const [time, setTime] = useState(since)
  useEffect(() => {
    const timer = setInterval(() => setTime(performance.now()), EVERY_MS)
    return () => clearInterval(timer)
  }, [])
  const waited = Math.max(0, time - since)
  if (waited < WORTH_A_WORD_MS) return null
  return (
    <span className={styles.waiting}>
      {waitInWords(step)}, {formatElapsed(waited)}
    </span>
  )
}

function waitInWords({ kind, text }: ScenarioLine): string {
  switch (kind) {
    case 'until':
      return `waiting ${shown(text.trim().replace(/\s+within .*$/, ''))}`
    case 'sleep':
      return 'waiting'
    case 'expect':
      return 'checking'
    case 'command':
      return 'running'
  }
}
