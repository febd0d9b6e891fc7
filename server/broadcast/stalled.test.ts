/** Tests that the lab waits, within bounds, for a client that does not read. */

import { describe, expect, test } from 'vitest'
import { MAX_BACKLOG_BYTES } from '../../shared/lab/connection.ts'
import { MAX_PAST_EVENTS } from '../../shared/model/past-bounds.ts'
import { PROTOCOL_VERSION } from '../../shared/wire/version.ts'
import { appOf } from '../test-support/app.ts'
import { note } from '../test-support/lab.ts'
import { rawBrowserOf } from '../test-support/raw-browser.ts'

describe('a client that does not read', () => {
  /** A client that has joined and stopped reading, and the number of its unread bytes in the server's memory. */
  async function stalled() {
    const { app, lab } = await appOf()
    await lab.sequencer.flushed()
    let waiting = () => 0
    app.websocketServer.on('connection', (socket) => {
      waiting = () => socket.bufferedAmount
    })
    const browser = await rawBrowserOf(new URL(await app.listen({ host: '127.0.0.1', port: 0 })))
    browser.send({ type: 'join', version: PROTOCOL_VERSION })
    await browser.readUntil(({ type }) => type === 'snapshot')
    let most = 0
    lab.onRelease(() => {
      most = Math.max(most, waiting())
    })
    /** Sends events until more waits for the client than the operating system takes. */
    const flood = async () => {
      const line = 'x'.repeat(200_000)
      while (waiting() <= MAX_BACKLOG_BYTES) {
        for (let count = 0; count < 5; count += 1) note(lab, line)
        await lab.sequencer.flushed()
      }
    }
    return { app, lab, browser, flood, waiting, most: () => most }
  }

  test('has a bounded number of unread bytes, and gets every event once it reads again', async () => {
    const { lab, browser, flood, most } = await stalled()
    // First far more than the operating system takes, at once; then little by little.
    for (let count = 0; count < 60; count += 1) note(lab, 'y'.repeat(500_000))
    await lab.sequencer.flushed()
    await flood()
    for (let count = 0; count < 30; count += 1) note(lab, 'z')
    note(lab, 'last')
    await lab.sequencer.flushed()
    expect(most()).toBeLessThan(3 * MAX_BACKLOG_BYTES)
    let next = 2
    await browser.readUntil((message) => {
      if (message.type !== 'events') return false
      for (const { n } of message.events) expect(n).toBe(next++)
      return message.events.some((event) => event.type === 'command' && event.line === 'last')
    })
  })

  test('for so long that the lab no longer keeps its next event gets a snapshot', async () => {
    const { lab, browser, flood } = await stalled()
    await flood()
    const reports = () => Array.from({ length: 10_000 }, () => ({ type: 'sampling', at: lab.now(), every: 2 }) as const)
    for (let count = 0; count <= MAX_PAST_EVENTS; count += 10_000) lab.sequencer.appendReports(0, reports())
    await lab.sequencer.flushed()
    await browser.readUntil((message) => message.type === 'snapshot' && message.state.last === lab.sequencer.state.last)
    note(lab, 'and on')
    await browser.readUntil(({ type }) => type === 'events')
  })

  test('is not read either, and is heard again once it reads', async () => {
    const { app, browser, flood } = await stalled()
    await flood()
    const ask = (id: number) => browser.send({ type: 'command', id, line: 'help', by: 'page' })
    ask(1)
    const [socket] = app.websocketServer.clients
    await expect.poll(() => socket?.isPaused).toBe(true)
    ask(2)
    await browser.readUntil((message) => message.type === 'reply' && message.id === 1)
    await browser.readUntil((message) => message.type === 'reply' && message.id === 2)
  })

  test('does not keep the lab from ending', async () => {
    const { app, flood } = await stalled()
    await flood()
    await app.close()
  })

  test('and asks for snapshots has no more of them waiting', async () => {
    const { lab, browser, flood, waiting } = await stalled()
    await flood()
    const before = waiting()
    for (let count = 0; count < 1_000; count += 1) browser.send({ type: 'join', version: PROTOCOL_VERSION })
    // After several checks by the server, every message that it has read is answered.
    for (let count = 0; count < 5; count += 1) await lab.sequencer.flushed()
    expect(waiting()).toBeLessThanOrEqual(before)
  })
})
