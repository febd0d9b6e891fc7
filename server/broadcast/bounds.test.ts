/** Tests bounds of the WebSocket that take long, or much memory, to reach: here they are lower. */

import { once } from 'node:events'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { NodeReport } from '../../shared/model/event.ts'
import { PROTOCOL_VERSION } from '../../shared/wire/version.ts'
import { Browser, classroomOf } from '../test-support/app.ts'
import { rawBrowserOf } from '../test-support/raw-browser.ts'
import type { MAX_WAITING_BYTES } from './bounds.ts'

const { near, FAR } = vi.hoisted(() => {
  const FAR = { pingMs: 20_000, waitingBytes: 256 * 1_024 * 1_024 }
  return { near: { ...FAR }, FAR }
})
vi.mock(import('./bounds.ts'), async (original) => ({
  ...(await original()),
  get PING_EVERY_MS() {
    return near.pingMs as never
  },
  get MAX_WAITING_BYTES() {
    return near.waitingBytes as typeof MAX_WAITING_BYTES
  },
}))

afterEach(() => {
  Object.assign(near, FAR)
})

/** Listens as a classroom, because an injected client answers no ping. */
async function openClassroom() {
  const { app, lab, presenter } = await classroomOf()
  const url = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  const connect = async (headers = {}) => {
    const socket = new WebSocket(new URL('/api/ws', url), { headers })
    onTestFinished(() => socket.terminate())
    const browser = new Browser(socket)
    await once(socket, 'open')
    return browser
  }
  const join = async (headers = {}) => {
    const browser = await connect(headers)
    browser.join()
    await browser.next('snapshot')
    return browser
  }
  /** It has joined, reads nothing more, and answers no ping. */
  const joinAndStall = async () => {
    const browser = await rawBrowserOf(url)
    browser.send({ type: 'join', version: PROTOCOL_VERSION })
  }
  return { app, lab, connect, join, joinAndStall, page: await join(presenter) }
}

const isTold = async (page: Browser, viewers: number) => {
  while ((await page.next('audience')).viewers !== viewers);
}

test('a connection without an answering client is closed; one that only listens stays', async () => {
  near.pingMs = 1_000
  const { join, joinAndStall, page } = await openClassroom()
  const listener = await join()
  await joinAndStall()
  await isTold(page, 2)
  await isTold(page, 1)
  expect(listener.socket.readyState).toBe(WebSocket.OPEN)
})

test('the unread bytes of all clients together are bounded: those that read least are closed and may come back, others notice nothing', async () => {
  near.waitingBytes = 4 * 1_024 * 1_024
  const { app, lab, join, joinAndStall, page } = await openClassroom()
  const viewer = await join()
  const stalled = 6
  for (let count = 0; count < stalled; count += 1) await joinAndStall()
  await isTold(page, 1 + stalled)
  const sockets = app.websocketServer.clients
  const waiting = () => [...sockets].reduce((sum, { bufferedAmount }) => sum + bufferedAmount, 0)
  // No state contains it, so a joining client gets a small snapshot.
  const batch = () => Array.from({ length: 5_000 }, (): NodeReport => ({ type: 'sampling', at: lab.now(), every: 2 }))
  // Those that read get their turn: all of them share the loop of this process with the lab.
  const seen = new Map([page, viewer].map((browser) => [browser, 0]))
  const readAll = async () => {
    const { last } = lab.sequencer.state
    for (const [browser, before] of seen)
      for (let at = before; at < last; seen.set(browser, at)) at = (await browser.next('events')).events.at(-1)?.n ?? at
  }
  while (sockets.size === 2 + stalled) {
    for (let count = 0; count < 5; count += 1) lab.sequencer.appendReports(0, batch())
    await lab.sequencer.flushed()
    await readAll()
  }
  await expect.poll(waiting).toBeLessThanOrEqual(near.waitingBytes)
  expect(sockets.size).toBeGreaterThan(2)
  lab.sequencer.append({ type: 'timers', held: true })
  await lab.sequencer.flushed()
  await readAll()
  const again = await join()
  expect(again.socket.readyState).toBe(WebSocket.OPEN)
})
