/**
 * Parses the lab's messages. The page loads no schemas: a fault inside an event shows when it is folded, and inside a
 * state when a view draws it.
 */
import { EMPTY_LAB, type LabState } from '../../../shared/model/lab-state.ts'
import type { ServerMessage } from '../../../shared/wire/protocol.ts'
import { PROTOCOL_VERSION } from '../../../shared/wire/version.ts'

const KINDS: Readonly<Record<ServerMessage['type'], true>> = {
  snapshot: true,
  resumed: true,
  events: true,
  past: true,
  reply: true,
  pointing: true,
  audience: true,
  refused: true,
}

/** @throws with the fault of the message. */
export function understand(data: unknown): ServerMessage {
  const message = parse(data)
  if (!isObject(message) || typeof message.type !== 'string') throw new Error('a message that is not a JSON object')
  if (!Object.hasOwn(KINDS, message.type))
    throw new Error(`a message of the unknown kind '${message.type.slice(0, 40)}'`)
  const read = message as unknown as ServerMessage
  if ('version' in read && read.version !== PROTOCOL_VERSION)
    throw new Error(`version ${read.version} of the protocol; this page speaks version ${PROTOCOL_VERSION}`)
  if ('state' in read) checkState(read.state)
  if ('events' in read && !Array.isArray(read.events)) throw new Error('events that are not a list')
  return read
}

function checkState(state: LabState) {
  if (!isObject(state)) throw new Error('a state that is not an object')
  for (const [part, empty] of Object.entries(EMPTY_LAB)) {
    const is = kindOf(state[part])
    const mayBeObject = empty === null && is === 'object'
    if (is !== kindOf(empty) && !mayBeObject) throw new Error(`a state whose '${part}' is missing or damaged`)
  }
}

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value)

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => kindOf(value) === 'object'

function parse(data: unknown): unknown {
  if (typeof data !== 'string') return null
  try {
    return JSON.parse(data)
  } catch {
    return null
  }
}
