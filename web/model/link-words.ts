/** Describes a link in few words. */
import { CHANCE_NAMES, isHealthy, type LinkCondition } from '../../shared/model/fault.ts'
import { type LabState, linkOf } from '../../shared/model/lab-state.ts'
import { formatMs } from '../../shared/text/format.ts'

/** Returns `cut`, or `300 ms, loss 20 %`; the lab's delay if the link has none of its own. */
function wayWords(condition: LinkCondition, labDelayMs: number): string {
  const { cut, delayMs, jitterMs, hold } = condition
  const held = hold ? ['held'] : []
  if (cut) return ['cut', ...held].join(', ')
  const delay = formatMs(delayMs ?? labDelayMs) + (jitterMs > 0 ? ` + up to ${formatMs(jitterMs)}` : '')
  const chances = CHANCE_NAMES.filter((name) => condition[name] > 0).map((name) => `${name} ${condition[name]} %`)
  return [delay, ...chances, ...held].join(', ')
}

export interface LinkWords {
  readonly label: string
  /** Describes only the differences from a healthy link. */
  readonly short: string
  readonly fault: 'cut' | 'impaired' | null
}

export function linkWords(lab: Pick<LabState, 'links'>, a: number, b: number, labDelayMs: number): LinkWords {
  const [there, back] = [linkOf(lab, a, b), linkOf(lab, b, a)]
  const [one, other] = [wayWords(there, labDelayMs), wayWords(back, labDelayMs)]
  const label = one === other ? one : `${a}→${b} ${one}; ${b}→${a} ${other}`
  // A held direction is no fault: the stage shows it by a closed gate.
  const [open, openBack] = [
    { ...there, hold: false },
    { ...back, hold: false },
  ]
  const [said, saidBack] = [wayWords(open, labDelayMs), wayWords(openBack, labDelayMs)]
  const ways = [isHealthy(open) ? [] : [`→${b} ${said}`], isHealthy(openBack) ? [] : [`→${a} ${saidBack}`]].flat()
  const short = said === saidBack ? said.replace(`${formatMs(labDelayMs)}, `, '') : ways.join('; ')
  if (there.cut && back.cut) return { label, short, fault: 'cut' }
  return { label, short, fault: ways.length === 0 ? null : 'impaired' }
}
