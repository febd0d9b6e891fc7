/**
 * Encodes the view in the address: `#t=12418.2&lab=1f3a&node=2` is an instant in ms of the lab, the lab's id, and the
 * selection; `event=812` selects one of several simultaneous events. A reload lands there, and so does everybody with
 * the link, while the lab still has that instant.
 */

import type { Selection } from '../model/selection.ts'
import type { PageState } from './store.ts'

export interface Place {
  /** Null for the present. */
  readonly t: number | null
  /** The event that the view is at, after a step. */
  readonly event: number | null
  /** Identifies the lab: times of another one mean nothing. */
  readonly lab: string | null
  readonly selection: Selection | null
}

/** Length of the prefix that identifies a lab. */
const LAB_CHARS = 8

export function placeIn(hash: string): Place {
  const named = new URLSearchParams(hash.replace(/^#/, ''))
  const t = named.get('t')
  const isTime = t !== null && /^\d{1,12}(\.\d{1,6})?$/.test(t)
  const event = named.get('event')
  const isEvent = isTime && event !== null && /^\d{1,12}$/.test(event)
  return {
    t: isTime ? Number(t) : null,
    event: isEvent ? Number(event) : null,
    lab: named.get('lab'),
    selection: selectionIn(named),
  }
}

function selectionIn(named: URLSearchParams): Selection | null {
  const numbers = (name: string, pattern: RegExp) =>
    pattern
      .exec(named.get(name) ?? '')
      ?.slice(1)
      .map(Number)
  const [id] = numbers('node', /^(\d{1,3})$/) ?? []
  if (id !== undefined) return { kind: 'node', id }
  const [origin, seq] = numbers('message', /^(\d{1,10})\.(\d{1,10})$/) ?? []
  if (origin !== undefined && seq !== undefined) return { kind: 'message', origin, seq }
  const [datagram] = numbers('datagram', /^(\d{1,12})$/) ?? []
  if (datagram !== undefined) return { kind: 'datagram', id: datagram }
  const [a, b] = numbers('link', /^(\d{1,3})-(\d{1,3})$/) ?? []
  return a !== undefined && b !== undefined ? { kind: 'link', a, b } : null
}

export function hashOf({ t, event, lab, selection }: Place): string {
  const parts = [
    t === null ? null : `t=${Math.round(t * 1e3) / 1e3}`,
    event === null ? null : `event=${event}`,
    lab === null ? null : `lab=${lab.slice(0, LAB_CHARS)}`,
    selection && selectionPart(selection),
  ].filter((part) => part !== null)
  return parts.length === 0 ? '' : `#${parts.join('&')}`
}

function selectionPart(selection: Selection): string | null {
  switch (selection.kind) {
    case 'node':
      return `node=${selection.id}`
    case 'message':
      return `message=${selection.origin}.${selection.seq}`
    case 'datagram':
      return `datagram=${selection.id}`
    case 'link':
      return `link=${selection.a}-${selection.b}`
    default:
      return null
  }
}

/** Returns whether a link belongs to this lab; one that names none belongs to any. */
export const isAbout = ({ lab }: Place, id: string): boolean => lab === null || id.startsWith(lab)

/** Returns the present view of a page. */
export function placeOf(
  { mode, selection, recording, connection }: PageState,
  at: number,
  event: number | null,
): Place {
  const lab = recording?.header.lab ?? (connection.phase === 'live' ? connection.lab : null)
  const isNow = mode === 'live'
  return { t: isNow ? null : at, event: isNow ? null : event, lab: isNow && selection === null ? null : lab, selection }
}
