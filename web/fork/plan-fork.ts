/** Plans a fork: what can be changed at an instant, and which later commands are given again. */
import type { LabEvent } from '../../shared/model/event.ts'
import type { LabState } from '../../shared/model/lab-state.ts'
import type { ForkPoint } from '../../shared/sim/fork.ts'
import type { TimedLine } from './run-fork.ts'

/** The one thing that is different in a fork. */
export type Change =
  | { readonly kind: 'chance' }
  | { readonly kind: 'command'; readonly line: string }
  /** A later command is left out. */
  | { readonly kind: 'without'; readonly command: Given }

/** A command that was carried out, and the number of its event. */
export interface Given extends TimedLine {
  readonly n: number
}

/** The part of a history that a fork needs. */
export interface Known {
  readonly base: LabState
  readonly events: readonly LabEvent[]
  stateAt(number: number): LabState
  numberAt(at: number): number
}

/** Commands that a simulation cannot carry out again, or that change nothing. */
const NOT_AGAIN = /^(?:viewers|until|sleep|print|expect)\b|^\d+ (?:signal|get)\b/
/** Time that a fork runs if nothing is known of the future, in ms. */
export const RUNS_ON_MS = 10_000
/** Time before an event at which nothing of it has happened, in ms. */
const JUST_BEFORE_MS = 0.001

const isGiven = (event: LabEvent): event is Extract<LabEvent, { type: 'command' }> =>
  event.type === 'command' && event.error === undefined && !NOT_AGAIN.test(event.line)

/** Returns the commands after an instant, in order. */
export const commandsAfter = ({ events }: Known, at: number): Given[] =>
  events.filter((event) => event.at > at && isGiven(event)).map(givenOf)

const givenOf = (event: LabEvent): Given => ({
  n: event.n,
  at: event.at,
  line: event.type === 'command' ? event.line : '',
})

/** Returns the last crash by command before an instant: its command, and the instant right before its effect. */
export function lastCrash({ events }: Known, at: number): { readonly command: Given; readonly before: number } | null {
  const command = events.findLast((event) => event.at <= at && isGiven(event) && / crash$/.test(givenOf(event).line))
  if (!command) return null
  const node = Number.parseInt(givenOf(command).line, 10)
  // A command is recorded after its effect.
  const ended = events.findLast((event) => event.n < command.n && event.type === 'ended' && event.node === node)
  return { command: givenOf(command), before: Math.max(0, (ended ?? command).at - JUST_BEFORE_MS) }
}

/** Returns what a fork begins with. */
export function pointAt(known: Known, at: number): ForkPoint {
  const number = known.numberAt(at)
  return { state: known.stateAt(number), at, events: known.events.filter(({ n }) => n <= number) }
}

/** Returns the lines of a fork. */
export function linesOf(known: Known, at: number, change: Change): TimedLine[] {
  const later = commandsAfter(known, at)
  if (change.kind === 'command') return [{ at, line: change.line }, ...later]
  return change.kind === 'without' ? later.filter(({ n }) => n !== change.command.n) : later
}

/** Returns the name of a fork until a person gives it another one. */
export function nameOf(change: Change): string {
  if (change.kind === 'chance') return 'another chance'
  return change.kind === 'command' ? change.line : `without ${change.command.line}`
}
