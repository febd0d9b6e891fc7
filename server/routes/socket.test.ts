import { describe, expect, test, vi } from 'vitest'
import type { LabEvent } from '../../shared/event.ts'
import { fold, type LabState } from '../../shared/lab-state.ts'
import {
  CHECKPOINT_EVENTS,
  MAX_BROWSER_BACKLOG_BYTES,
  MAX_BROWSERS,
  MAX_CLIENT_MESSAGE_BYTES,
  MAX_JOURNAL_EVENTS,
  MAX_OPEN_COMMANDS,
} from '../../shared/limits.ts'
import { PROTOCOL_VERSION } from '../../shared/version.ts'
import type { Lab } from '../supervisor/lab.ts'
import { appOf, type Browser, browserOf } from '../test-support/app.ts'
import { rawBrowserOf } from '../test-support/raw-browser.ts'

const note = (lab: Lab, line: string) => lab.journal.append({ type: 'command', by: 'rest', line, output: [] })

/** Events as they come, until one says `line`. */
async function eventsUntil(browser: Browser, line: string): Promise<LabEvent[]> {
  const events: LabEvent[] = []
  const isLast = (event: LabEvent) => event.type === 'command' && event.line === line
  while (!events.some(isLast)) events.push(...(await browser.next('events')).events)
  return events
}

describe('a browser that joins', () => {
  test('gets a snapshot, then all events after it without a gap', async () => {
    const { app, lab } = await appOf()
    await lab.journal.settled()
    const browser = await browserOf(app)
    browser.join()
    const { state, lab: id, version } = await browser.next('snapshot')
    expect([id, version, state.last]).toEqual([lab.id, PROTOCOL_VERSION, lab.journal.state.last])
    for (const line of ['one', 'two', 'three']) note(lab, line)
    const events = await eventsUntil(browser, 'three')
    expect(events.map(({ n }) => n)).toEqual(events.map((_, index) => state.last + 1 + index))
    expect(fold(state, events)).toEqual(lab.journal.state)
  })

  test('with events that it has goes on where it was', async () => {
    const { app, lab } = await appOf()
    for (const line of ['one', 'two', 'three']) note(lab, line)
    await lab.journal.settled()
    const browser = await browserOf(app)
    browser.join({ lab: lab.id, after: 2 })
    expect(await browser.next('resumed')).toMatchObject({ lab: lab.id })
    expect((await eventsUntil(browser, 'three')).map(({ n }) => n)).toEqual([3, 4])
  })

  test.each([
    { what: 'events of another lab', has: () => ({ lab: 'another', after: 1 }) },
    { what: 'events that are still to come', has: (lab: Lab) => ({ lab: lab.id, after: 1_000 }) },
  ])('with $what gets a snapshot', async ({ has }) => {
    const { app, lab } = await appOf()
    await lab.journal.settled()
    const browser = await browserOf(app)
    browser.join(has(lab))
    expect((await browser.next('snapshot')).state).toEqual(lab.journal.state)
  })

  test('hears nothing before it has joined', async () => {
    const { app, lab } = await appOf()
    const browser = await browserOf(app)
    note(lab, 'before')
    await lab.journal.settled()
    browser.join()
    expect((await browser.next('snapshot')).state.last).toBe(2)
  })
})

describe('a command', () => {
  test('is carried out and answered under its number', async () => {
    const { app, lab } = await appOf()
    const browser = await browserOf(app)
    browser.send({ type: 'command', id: 7, line: 'delay 5', by: 'console' })
    expect(await browser.next('reply')).toEqual({ type: 'reply', id: 7, ok: true, output: [] })
    browser.send({ type: 'command', id: 8, line: 'dance', by: 'page' })
    expect(await browser.next('reply')).toMatchObject({ id: 8, ok: false, error: expect.stringContaining('dance') })
    await lab.journal.settled()
    expect(lab.journal.state.commands.map(({ by, line }) => `${by} ${line}`)).toEqual(['console delay 5', 'page dance'])
  })

  test('past those that may be open at once is refused, and later ones are not', async () => {
    const { app, lab } = await appOf()
    const browser = await browserOf(app)
    let finish = () => {}
    vi.spyOn(lab, 'stopAll').mockImplementation(
      () =>
        new Promise((resolve) => {
          const before = finish
          finish = () => {
            before()
            resolve(0)
          }
        }),
    )
    for (let id = 0; id <= MAX_OPEN_COMMANDS; id += 1) browser.send({ type: 'command', id, line: 'exit', by: 'page' })
    expect(await browser.next('reply')).toEqual({
      type: 'reply',
      id: MAX_OPEN_COMMANDS,
      ok: false,
      error: 'too many commands at once; wait for answers',
    })
    finish()
    for (let id = 0; id < MAX_OPEN_COMMANDS; id += 1) expect((await browser.next('reply')).ok).toBe(true)
    browser.send({ type: 'command', id: 99, line: 'help', by: 'page' })
    expect(await browser.next('reply')).toMatchObject({ id: 99, ok: true })
  })

  test('that fails in a way nobody thought of is answered, and the lab lives', async () => {
    const { app, lab } = await appOf()
    const browser = await browserOf(app)
    const told = vi.spyOn(console, 'error').mockImplementation(() => {})
    vi.spyOn(lab, 'stopAll').mockRejectedValue(new Error('a defect'))
    browser.send({ type: 'command', id: 1, line: 'exit', by: 'page' })
    expect(await browser.next('reply')).toEqual({ type: 'reply', id: 1, ok: false, error: 'the lab failed: a defect' })
    expect(told).toHaveBeenCalled()
    told.mockRestore()
  })
})

describe('refused is', () => {
  test.each([
    ['what is no JSON', 'hello'],
    ['an unknown type', { type: 'shout' }],
    ['another version', { type: 'join', version: 0 }],
    ['a field too many', { type: 'join', version: PROTOCOL_VERSION, admin: true }],
    ['a line that is no text', { type: 'command', id: 1, line: 1, by: 'page' }],
    ['somebody else', { type: 'command', id: 1, line: 'help', by: 'rest' }],
    ['null', 'null'],
  ])('%s, and the connection stays', async (_, message) => {
    const { app } = await appOf()
    const browser = await browserOf(app)
    browser.send(message)
    expect((await browser.next('refused')).error).toMatch(/./)
    browser.send({ type: 'command', id: 1, line: 'help', by: 'page' })
    expect((await browser.next('reply')).ok).toBe(true)
  })

  test('a message that is too large, with the end of the connection', async () => {
    const { app } = await appOf()
    const browser = await browserOf(app)
    browser.send('x'.repeat(MAX_CLIENT_MESSAGE_BYTES + 1))
    expect(await browser.closed).toBe(1009)
  })

  test.each([
    ['a page from elsewhere', { origin: 'http://evil.example' }],
    ['another host', { host: 'evil.example' }],
  ])('%s', async (_, headers) => {
    const { app } = await appOf()
    await expect(browserOf(app, headers)).rejects.toThrow('403')
  })

  test('one browser too many', async () => {
    const { app } = await appOf()
    const browsers = await Promise.all(Array.from({ length: MAX_BROWSERS }, () => browserOf(app)))
    expect(await (await browserOf(app)).closed).toBe(1013)
    browsers[0]?.join()
    await browsers[0]?.next('snapshot')
  })
})

test('the lab that ends says so', async () => {
  const { app } = await appOf()
  const browser = await browserOf(app)
  browser.join()
  await browser.next('snapshot')
  await app.close()
  expect(await browser.closed).toBe(1001)
})

describe('a browser that does not read', () => {
  /** One that has joined and stopped reading, and how much of what it is sent waits in the server's memory. */
  async function stalled() {
    const { app, lab } = await appOf()
    await lab.journal.settled()
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
    /** Events, until more is waiting for it than the operating system takes. */
    const flood = async () => {
      const line = 'x'.repeat(200_000)
      while (waiting() <= MAX_BROWSER_BACKLOG_BYTES) {
        for (let count = 0; count < 5; count += 1) note(lab, line)
        await lab.journal.settled()
      }
    }
    return { app, lab, browser, flood, waiting, most: () => most }
  }

  test('has a bounded amount waiting, and gets every event once it reads again', async () => {
    const { lab, browser, flood, most } = await stalled()
    // All at once, far more than the operating system takes; then little by little.
    for (let count = 0; count < 60; count += 1) note(lab, 'y'.repeat(500_000))
    await lab.journal.settled()
    await flood()
    for (let count = 0; count < 30; count += 1) note(lab, 'z')
    note(lab, 'last')
    await lab.journal.settled()
    expect(most()).toBeLessThan(3 * MAX_BROWSER_BACKLOG_BYTES)
    let next = 2
    await browser.readUntil((message) => {
      if (message.type !== 'events') return false
      for (const { n } of message.events) expect(n).toBe(next++)
      return message.events.some((event) => event.type === 'command' && event.line === 'last')
    })
  })

  test('for so long that the journal has forgotten what it missed gets a snapshot', async () => {
    const { lab, browser, flood } = await stalled()
    await flood()
    const batch = Array.from({ length: 10_000 }, () => ({ type: 'sampling', at: lab.now(), every: 2 }) as const)
    for (let count = 0; count <= MAX_JOURNAL_EVENTS; count += batch.length) lab.journal.appendReports(0, batch)
    await lab.journal.settled()
    await browser.readUntil((message) => message.type === 'snapshot' && message.state.last === lab.journal.state.last)
    note(lab, 'and on')
    await browser.readUntil(({ type }) => type === 'events')
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
    // Several looks at it by the server: whatever it has read of them it has answered by now.
    for (let count = 0; count < 5; count += 1) await lab.journal.settled()
    expect(waiting()).toBeLessThanOrEqual(before)
  })
})

describe('the past', () => {
  /** Asks back to the beginning, as a page that scrubs does; gives each stretch. */
  async function backFrom(browser: Browser, last: number) {
    const stretches: { state: LabState; events: readonly LabEvent[] }[] = []
    for (let before = last + 1; before > 1; before = (stretches.at(-1)?.state.last ?? 0) + 1) {
      browser.send({ type: 'history', before })
      stretches.push(await browser.next('past'))
    }
    return stretches
  }

  test('is given in stretches, each a state and the events after it, back to the oldest', async () => {
    const { app, lab } = await appOf()
    for (let line = 0; line < 2.5 * CHECKPOINT_EVENTS; line += 1) note(lab, `${line}`)
    await lab.journal.settled()
    const browser = await browserOf(app)
    browser.join()
    const { state, oldest } = await browser.next('snapshot')
    const stretches = await backFrom(browser, state.last)
    expect(stretches).toHaveLength(3)
    expect(oldest).toBe(1)
    let after = state
    for (const { state, events } of stretches) {
      expect(
        fold(
          state,
          events.filter(({ n }) => n <= after.last),
        ),
      ).toEqual(after)
      after = state
    }
    expect(after.last).toBe(0)
  })

  test('that is forgotten is told: no events, and from which one on there are some', async () => {
    const { app, lab } = await appOf()
    for (let line = 0; line < MAX_JOURNAL_EVENTS + 10; line += 1) note(lab, '')
    await lab.journal.settled()
    const browser = await browserOf(app)
    browser.join()
    const { oldest } = await browser.next('snapshot')
    expect(oldest).toBe(lab.journal.oldest)
    browser.send({ type: 'history', before: oldest })
    expect(await browser.next('past')).toMatchObject({ events: [], oldest, state: { last: oldest - 1 } })
  })

  test('is written once for all who ask for the same', async () => {
    const { app, lab } = await appOf()
    for (let line = 0; line < 50; line += 1) note(lab, `${line}`)
    await lab.journal.settled()
    const write = vi.spyOn(JSON, 'stringify')
    const browsers = await Promise.all(Array.from({ length: 10 }, () => browserOf(app)))
    for (const browser of browsers) browser.join()
    await Promise.all(browsers.map((browser) => browser.next('snapshot')))
    write.mockClear()
    for (const browser of browsers) browser.socket.send('{"type":"history","before":40}')
    const pasts = await Promise.all(browsers.map((browser) => browser.next('past')))
    const written = write.mock.calls.filter(([message]) => (message as { type?: string }).type === 'past')
    write.mockRestore()
    expect(written).toHaveLength(1)
    for (const { events } of pasts) expect(events.length).toBeGreaterThanOrEqual(39)
  })
})
