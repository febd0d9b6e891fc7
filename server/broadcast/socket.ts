/** The WebSocket: who gets in, and when each browser is looked at. */

import type { WebSocket } from '@fastify/websocket'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Executor } from '../../shared/lab/executor.ts'
import type { Lab } from '../../shared/lab/lab.ts'
import type { LastLab, Role } from '../../shared/wire/protocol.ts'
import { BEAT_EVERY_MS, POINTING_EVERY_MS } from '../../shared/wire/rhythm.ts'
import type { Access } from '../http/access.ts'
import { Audience } from './audience.ts'
import { PING_EVERY_MS } from './bounds.ts'
import { Browser } from './browser.ts'
import { Frames, frameOf } from './frames.ts'
import { leastReading } from './waiting.ts'

/** Browsers connected at a time. */
export const MAX_BROWSERS = 512
/** Of these, viewers: the presenter always gets in. */
export const MAX_VIEWERS = 480
/** Time between two batches of events to viewers, in ms: hundreds of small ones cost more to send than to write. */
const FEED_VIEWERS_EVERY_MS = 40

/** How often what waits for all browsers is added up, in ms. */
const WEIGH_EVERY_MS = 100
/** WebSocket close code: try again later. */
const TRY_AGAIN_LATER = 1_013

export interface SocketOptions {
  readonly lab: Lab
  readonly executor: Executor
  readonly access: Access
  readonly lastLab: LastLab | undefined
}

export function socketRoute(app: FastifyInstance, { lab, executor, access, lastLab }: SocketOptions) {
  const browsers = new Set<Browser>()
  const audience = new Audience(lab.now())
  /** Only while there are browsers: whoever listens is waited for. */
  let stopListening: (() => void) | undefined
  const around = { lab, executor, audience, frames: new Frames(lab, lastLab) }

  const serve = (socket: WebSocket, request: FastifyRequest) => {
    const role = access.roleOf(request.raw)
    if (!isRoomFor(role, browsers)) {
      socket.close(TRY_AGAIN_LATER, 'too many browsers')
      return
    }
    const browser = new Browser(socket, role, around)
    browsers.add(browser)
    stopListening ??= lab.onRelease(feedPresenters)
    socket.on('close', () => {
      browsers.delete(browser)
      if (browsers.size > 0) return
      stopListening?.()
      stopListening = undefined
    })
  }
  app.route({ method: 'GET', url: '/api/ws', handler: refusePlain, wsHandler: serve })

  const feed = () => {
    for (const browser of browsers) browser.feed()
  }
  /** At once, whoever acts; viewers a moment later, many events at a time. */
  const feedPresenters = () => {
    for (const browser of browsers) if (browser.role === 'presenter') browser.feed()
  }
  const tell = () => {
    let viewers = 0
    for (const { role, hasJoined } of browsers) if (role === 'viewer' && hasJoined) viewers += 1
    audience.count(viewers)
    for (const browser of browsers) browser.tell(browser.role === 'viewer' ? audience.pointing : audience.size)
  }
  // A quiet lab says what time it is, so that a page can tell it from one that does not answer.
  const beat = () => {
    const frame = frameOf({ type: 'events', now: lab.now(), events: [] })
    for (const browser of browsers) browser.beat(frame)
  }
  const weigh = () => {
    for (const browser of browsers) browser.weigh()
    for (const browser of leastReading(browsers)) browser.drop()
  }
  const ping = () => {
    for (const browser of browsers) browser.ping()
  }
  const timers = [
    setInterval(feed, FEED_VIEWERS_EVERY_MS),
    setInterval(weigh, WEIGH_EVERY_MS),
    setInterval(tell, POINTING_EVERY_MS),
    setInterval(beat, BEAT_EVERY_MS),
    setInterval(ping, PING_EVERY_MS),
  ]
  app.addHook('preClose', async () => {
    stopListening?.()
    for (const timer of timers) clearInterval(timer)
    for (const browser of browsers) browser.close()
  })
}

/** Without an upgrade there is nothing to answer with. */
const refusePlain = (_request: FastifyRequest, reply: FastifyReply) =>
  reply.code(426).header('upgrade', 'websocket').send({
    ok: false,
    error: 'this address is for WebSockets; scripts use /api/state and /api/commands',
  })

function isRoomFor(role: Role, browsers: ReadonlySet<Browser>): boolean {
  if (browsers.size >= MAX_BROWSERS) return false
  return role === 'presenter' || [...browsers].filter((browser) => browser.role === 'viewer').length < MAX_VIEWERS
}
