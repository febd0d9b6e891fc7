/**
 * Below the stage while datagrams are held: the next step and its effect, the effect of the last one, and the timers.
 */

import { heldName } from '../../shared/model/names.ts'
import { formatCount, plural } from '../../shared/text/format.ts'
import { changesSince, changeWords } from '../model/changes.ts'
import type { Delivery } from '../model/delivery.ts'
import { hasTimers, heldTitle, holdWords, isGateClosed, isHolding, oldestOf, previewWords } from '../model/held.ts'
import { releaseLine, STEP_LINE, timersLine } from '../model/lines.ts'
import { Acts } from '../ui/Acts.tsx'
import { useMayActHere, usePageState } from '../ui/page.ts'
import { Button } from '../ui/ui.tsx'
import { useLine } from '../ui/use-line.ts'
import styles from './Hold.module.css'

export function HoldBar() {
  const lab = usePageState((state) => state.lab)
  const step = usePageState((state) => state.step)
  const live = usePageState(({ connection }) => connection.phase === 'live')
  const mayAct = useMayActHere()
  const { send, error } = useLine()
  if (!isHolding(lab)) return null
  const next = oldestOf(lab)
  const count = Object.keys(lab.held).length
  return (
    <section className={styles.bar} aria-label="Hold and step">
      <div className={styles.step}>
        <Acts>
          <Button
            kind="primary"
            disabled={!live || !next}
            aria-keyshortcuts="Alt+S"
            onClick={() => void send(STEP_LINE)}
          >
            Step
          </Button>
          <Button disabled={!live || !next} onClick={() => void send(releaseLine('deliver', 'all'))}>
            Deliver all{count > 0 ? ` ${formatCount(count)}` : ''}
          </Button>
        </Acts>
        <div className={styles.words}>
          {next ? (
            <p>
              <strong>
                Next: {heldName(next.number)}, {heldTitle(next, lab)}.
              </strong>{' '}
              {previewWords(lab, next.number)}
            </p>
          ) : (
            <p>
              {mayAct && isGateClosed(lab) ? 'No datagrams are held. Send a node a message.' : 'No datagrams are held.'}
            </p>
          )}
          {step && <StepWords step={step} />}
        </div>
      </div>
      <div className={styles.timers}>
        <p>{holdWords(lab)}</p>
        <Acts>
          {hasTimers(lab) && (
            <Button disabled={!live} onClick={() => void send(timersLine(!lab.timersHeld))}>
              {lab.timersHeld ? 'Let timers run' : 'Hold timers too'}
            </Button>
          )}
        </Acts>
      </div>
      {error !== null && (
        <p className={styles.error} role="alert">
          {error}
        </p>
      )}
    </section>
  )
}

/** Describes the changes of the last step, also to screen readers. */
function StepWords({ step }: { readonly step: Delivery }) {
  const lab = usePageState((state) => state.lab)
  const [first] = step.datagrams
  const which =
    step.datagrams.length === 1 && first ? heldName(first.number) : plural(step.datagrams.length, 'datagram')
  const came = step.how === 'dropped' ? [] : changeWords(changesSince(step.before, lab), lab)
  return (
    <p className={styles.came} role="status">
      {which} {step.how}
      {came.length > 0 ? `: ${came.join('; ')}` : step.how === 'dropped' ? ': no node gets it' : ': nothing changed'}.
    </p>
  )
}
