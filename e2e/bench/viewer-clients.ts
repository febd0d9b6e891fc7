/**
 * Viewers in a process of their own, as `npm run bench -- viewers` starts it: real WebSocket clients that join at once.
 * Arguments: address, viewers, and the number of further ones that join and then never read. Prints a JSON line when
 * all have joined, and another one when its input ends.
 */
import { WebSocket } from 'ws'
import type { ServerMessage } from '../../shared/wire/protocol.ts'
import { PROTOCOL_VERSION } from '../../shared/wire/version.ts'
import { now, percentile } from './measurement.ts'

/** Its first output, in ms, and its last. */
export interface Joined {
  readonly joinMs: readonly number[]
}
export interface Heard {
  readonly latencyP50Ms: number
  readonly latencyP95Ms: number
  readonly events: number
  readonly lost: number
}

const [address = '', viewers = '1', stalled = '0'] = process.argv.slice(2)
/** The lab's time minus this process's; the highest sample came fastest, and so is the best. */
let offset = Number.NEGATIVE_INFINITY
const arrivals: { readonly at: number; readonly local: number }[] = []
const sockets: WebSocket[] = []
let events = 0
let lost = 0

function join(isStalled: boolean): Promise<number> {
  const began = now()
  const socket = new WebSocket(address)
  sockets.push(socket)
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('close', () => {
      if (!isStalled) lost += 1
    })
    socket.on('open', () => socket.send(JSON.stringify({ type: 'join', version: PROTOCOL_VERSION })))
    socket.on('message', (data) => {
      const local = now()
      const message: ServerMessage = JSON.parse(String(data))
      if ('now' in message) offset = Math.max(offset, message.now - local)
      if (message.type === 'snapshot') {
        resolve(local - began)
        if (isStalled) socket.pause()
      }
      if (message.type !== 'events') return
      events += message.events.length
      // New events only: the first batches may be of the past.
      for (const { at } of message.events.slice(-1)) arrivals.push({ at, local })
    })
  })
}

await Promise.all(Array.from({ length: Number(stalled) }, () => join(true)))
const joinMs = await Promise.all(Array.from({ length: Number(viewers) }, () => join(false)))
arrivals.length = 0
events = 0
console.log(JSON.stringify({ joinMs } satisfies Joined))
for await (const _ of process.stdin);
const latencyMs = arrivals.map(({ at, local }) => local + offset - at)
const [latencyP50Ms, latencyP95Ms] = [percentile(latencyMs, 0.5), percentile(latencyMs, 0.95)]
console.log(JSON.stringify({ latencyP50Ms, latencyP95Ms, events, lost } satisfies Heard))
for (const socket of sockets) socket.terminate()
