/** Describes the gates for the stage: the closed ones, and the datagrams held there. */

import { type Pattern, paintOfMessage } from '../../shared/model/colours.ts'
import type { AnyContent } from '../../shared/model/event.ts'
import { conditionOf, endsOf, type Way, wayOf } from '../../shared/model/fault.ts'
import type { HeldDatagram, LabState } from '../../shared/model/lab-state.ts'
import { heldName } from '../../shared/model/names.ts'
import { linksOf } from '../../shared/model/topology.ts'
import { heldTitle } from '../model/held.ts'
import type { Selection } from '../model/selection.ts'

/** A direction of a link whose gate is closed, or at which a datagram is held. */
export interface GateView {
  readonly from: number
  readonly to: number
  readonly waiting: readonly WaitingView[]
  readonly count: number
}

export interface WaitingView {
  readonly number: number
  readonly name: string
  readonly kind: AnyContent['kind']
  /** Null for all but rumors. */
  readonly hue: string | null
  readonly pattern: Pattern
  readonly selected: boolean
  /** Whether it has been held only since the last release. */
  readonly fresh: boolean
}

/** More in a row would be indistinguishable; their number is beside them. */
const MAX_IN_A_ROW = 4
/** Maximum number of gates on the stage; the list beside it has all of them. */
const MAX_GATES = 300

export function gateViews(lab: LabState, selection: Selection | null, fresh: ReadonlySet<number>): GateView[] {
  const { settings, held } = lab
  if (!settings) return []
  const byWay = new Map<Way, HeldDatagram[]>()
  for (const datagram of Object.values(held)) {
    const way = wayOf(datagram.from - settings.rootId, datagram.to - settings.rootId)
    byWay.set(way, [...(byWay.get(way) ?? []), datagram])
  }
  const ways = new Set([...byWay.keys(), ...closedWays(lab)])
  return [...ways].slice(0, MAX_GATES).map((way) => {
    const [from, to] = endsOf(way)
    const waiting = byWay.get(way) ?? []
    return {
      from,
      to,
      count: waiting.length,
      waiting: inSight(
        waiting.map((datagram) => ({
          datagram,
          kind: datagram.content.kind,
          selected: isSelected(datagram, selection),
        })),
        MAX_IN_A_ROW,
      ).map(({ datagram }) => waitingView(datagram, lab, selection, fresh)),
    }
  })
}

/**
 * Returns those that have room, in the order of their queue: the oldest, which a step delivers, the selected one, then
 * rumors. A program that goes on sending statuses must not hide the rumor that everybody waits for.
 */
export function inSight<Waiting extends Pick<WaitingView, 'kind' | 'selected'>>(
  waiting: readonly Waiting[],
  room: number,
): readonly Waiting[] {
  if (waiting.length <= room) return waiting
  const [oldest, ...others] = waiting
  const selected = others.filter((one) => one.selected)
  const rumors = others.filter((one) => !one.selected && one.kind === 'rumor')
  const rest = others.filter((one) => !one.selected && one.kind !== 'rumor')
  const chosen = new Set([oldest, ...selected, ...rumors, ...rest].slice(0, room))
  return waiting.filter((one) => chosen.has(one))
}

const isSelected = ({ number }: HeldDatagram, selection: Selection | null): boolean =>
  selection?.kind === 'held' && selection.number === number

function closedWays(lab: LabState): readonly Way[] {
  const { settings, links, nodes } = lab
  if (!settings || Object.keys(links).length === 0) return []
  return linksOf(settings.topology, nodes.length, settings.seed)
    .flatMap(([a, b]) => [wayOf(a, b), wayOf(b, a)])
    .filter((way) => conditionOf(links, way).hold)
}

function waitingView(
  datagram: HeldDatagram,
  lab: LabState,
  selection: Selection | null,
  fresh: ReadonlySet<number>,
): WaitingView {
  const { number, content } = datagram
  const paint = content.kind === 'rumor' ? paintOfMessage(lab, content.origin, content.seq) : null
  return {
    number,
    kind: content.kind,
    name: `Held ${heldName(number)}: ${heldTitle(datagram, lab)}`,
    hue: paint?.hue ?? null,
    pattern: paint?.pattern ?? 'plain',
    selected: isSelected(datagram, selection),
    fresh: fresh.has(number),
  }
}
