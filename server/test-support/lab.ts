import { onTestFinished } from 'vitest'
import { DEFAULTS } from '../../shared/gossip/settings.ts'
import { Lab } from '../../shared/lab/lab.ts'
import type { EventOf, LabEvent } from '../../shared/model/event.ts'
import type { LabSettings } from '../../shared/model/lab-settings.ts'
import type { LabState } from '../../shared/model/lab-state.ts'
import { processHost } from '../hosts/process-host.ts'
import { labMachine } from '../platform/lab-machine.ts'
import { freePorts } from './ports.ts'
import { BUNDLE } from './processes.ts'
import { runtimeOfTest } from './runtime.ts'

export interface TestLab {
  readonly lab: Lab
  readonly settings: LabSettings
  readonly runtime: string
}

/** Settings of a network on a line at free ports, and a runtime folder of the test's own. */
export async function networkOf(n: number, changes: Partial<LabSettings> = {}): Promise<Omit<TestLab, 'lab'>> {
  const runtime = await runtimeOfTest()
  const { tcp, udp } = await freePorts(n + 4)
  const settings: LabSettings = {
    n,
    topology: 'line',
    linkDelayMs: 0,
    seed: 1,
    basePort: tcp,
    rootId: udp,
    gossip: DEFAULTS,
    ...changes,
  }
  return { settings, runtime }
}

/** A lab within the test's own process. Its nodes are real; none runs yet. */
export async function labOf(n: number, changes: Partial<LabSettings> = {}, bundle = BUNDLE): Promise<TestLab> {
  const { settings, runtime } = await networkOf(n, changes)
  const lab = new Lab({ settings, host: processHost({ bundle, runtime }), platform: labMachine })
  onTestFinished(() => lab.close())
  return { lab, settings, runtime }
}

/** An event with arbitrary content. */
export const note = (lab: Lab, line: string) => lab.sequencer.append({ type: 'command', by: 'rest', line, output: [] })

/** All numbered events. */
export const eventsOf = (lab: Lab): readonly LabEvent[] =>
  lab.sequencer.read(lab.sequencer.oldest, Number.MAX_SAFE_INTEGER)

/** Resolves with the first matching event of a type, also an earlier one. */
export function nextEvent<Type extends LabEvent['type']>(
  lab: Lab,
  type: Type,
  fits: (event: EventOf<Type>) => boolean = () => true,
): Promise<EventOf<Type>> {
  const isIt = (event: LabEvent): event is EventOf<Type> => event.type === type && fits(event as EventOf<Type>)
  return new Promise((resolve) => {
    const look = () => {
      const event = eventsOf(lab).find(isIt)
      if (!event) return
      stop()
      resolve(event)
    }
    const stop = lab.onRelease(look)
    look()
  })
}

/** Resolves with the first matching state, also the present one. */
export function stateWhere(lab: Lab, fits: (state: LabState) => boolean): Promise<LabState> {
  return new Promise((resolve) => {
    const look = () => {
      if (!fits(lab.sequencer.state)) return
      stop()
      resolve(lab.sequencer.state)
    }
    const stop = lab.onRelease(look)
    look()
  })
}
