/** Reads figures of a lab's state, and of the page's words for them. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { TestLab } from '../../server/test-support/lab-process.ts'
import type { CounterName } from '../../shared/model/counters.ts'
import type { LabState, MessageState } from '../../shared/model/lab-state.ts'

/** Returns the newest message with this text. */
export function messageIn({ messages }: LabState, text: string): MessageState {
  const message = messages.findLast((one) => one.text === text)
  if (!message) throw new Error(`the lab knows no message ${text}`)
  return message
}

/** Returns the time until the last node had it, in ms. */
export const timeToAll = ({ at, copies }: MessageState) =>
  Math.max(...Object.values(copies).map((copy) => copy.at - at))

/** Returns the sum of these counters over all nodes. */
export const sumOf = (state: LabState, ...names: readonly CounterName[]) =>
  state.nodes.reduce((total, { counters }) => total + names.reduce((of, name) => of + (counters?.[name] ?? 0), 0), 0)

/** Resolves when the counters, which nodes report once a second, have been constant for longer than that. */
export async function quietState(lab: TestLab): Promise<LabState> {
  let state = await lab.state()
  let since = performance.now()
  while (performance.now() < since + 1_500) {
    await sleep(100)
    const next = await lab.state()
    const isQuiet = sumOf(next, 'rumorsSent', 'statusesSent') === sumOf(state, 'rumorsSent', 'statusesSent')
    if (!isQuiet) since = performance.now()
    state = next
  }
  return state
}

/** Returns `1620 ms until all had “hello”` as a number, in ms for a time. */
export function shownFigure(figures: readonly string[], words: RegExp): number {
  const figure = figures.find((one) => words.test(one)) ?? ''
  const [, digits, unit] = /^([\d.]+) ?(s\b|ms\b)?/.exec(figure) ?? []
  return Number(digits) * (unit === 's' ? 1_000 : 1)
}
