/** What viewers follow, and what they may say. */

import { describe, expect, test } from 'vitest'
import { MAX_SAYING_CHARS } from '../../shared/language/saying.ts'
import type { LabEvent } from '../../shared/model/event.ts'
import { POINTING_EVERY_MS } from '../../shared/wire/rhythm.ts'
import { PROTOCOL_VERSION } from '../../shared/wire/version.ts'
import { type Browser, browserOf, classroomOf } from '../test-support/app.ts'
import { eventsOf, nextEvent } from '../test-support/lab.ts'
import { rawBrowserOf } from '../test-support/raw-browser.ts'
import { SAYING_RATE } from './browser.ts'

const pointAt = (id: number) => ({ type: 'pointing', selection: { kind: 'node', id }, cursor: id, time: LIVE })
const LIVE = { mode: 'live', speed: 1, at: null }
const joined = async (browser: Browser) => {
  browser.join()
  await browser.next('snapshot')
  return browser
}

describe('where the presenter points', () => {
  test('is told to viewers, and to those who come later', async () => {
    const { app, presenter } = await classroomOf()
    const page = await joined(await browserOf(app, presenter))
    const viewer = await joined(await browserOf(app))
    page.send(pointAt(1))
    expect(await viewer.next('pointing')).toEqual(pointAt(1))
    expect(await (await joined(await browserOf(app))).next('pointing')).toEqual(pointAt(1))
  })

  test('is told by its latest place alone, however often it moves', async () => {
    const { app, presenter } = await classroomOf()
    const page = await joined(await browserOf(app, presenter))
    const viewer = await joined(await browserOf(app))
    const began = performance.now()
    for (let id = 1; id <= 1_000; id += 1) page.send(pointAt(id))
    let told = 0
    for (let last: number | null = 0; last !== 1_000; told += 1) last = (await viewer.next('pointing')).cursor
    expect(told).toBeLessThanOrEqual(2 + (performance.now() - began) / POINTING_EVERY_MS)
  })

  test('is the presenter’s to say', async () => {
    const { app, presenter } = await classroomOf()
    const other = await joined(await browserOf(app))
    const viewer = await joined(await browserOf(app))
    other.send(pointAt(1))
    expect((await other.next('refused')).error).toBe('you are watching: only the presenter points')
    ;(await joined(await browserOf(app, presenter))).send(pointAt(2))
    expect((await viewer.next('pointing')).cursor).toBe(2)
  })

  test.each([
    ['nothing at all', {}],
    ['an instant that is none', { selection: null, cursor: 'now', time: LIVE }],
    ['a thing that is none', { selection: { kind: 'person', id: 1 }, cursor: null, time: LIVE }],
    ['a time that stands nowhere', { selection: null, cursor: null, time: { ...LIVE, speed: 0 } }],
    ['more than that', { selection: null, cursor: null, time: LIVE, html: '<b>' }],
  ])('is not %s', async (_, pointing) => {
    const { app, presenter } = await classroomOf()
    const page = await joined(await browserOf(app, presenter))
    page.send({ type: 'pointing', ...pointing })
    expect((await page.next('refused')).error).toMatch(/not a message/)
  })
})

test('the presenter is told how many watch', async () => {
  const { app, presenter } = await classroomOf()
  const page = await joined(await browserOf(app, presenter))
  const until = async (count: number) => {
    while ((await page.next('audience')).viewers !== count);
  }
  const viewers = [await joined(await browserOf(app)), await joined(await browserOf(app))]
  await until(2)
  viewers[0]?.socket.terminate()
  await until(1)
})

describe('what a viewer says', () => {
  const say = (text: string, name = 'Ada', node = 0) => ({ type: 'say', id: 1, node, name, text })
  const allow = (lab: { letViewers(may: 'watch' | 'chat'): void }) => lab.letViewers('chat')

  test('is refused until the presenter allows it, and after', async () => {
    const { app, lab, presenter } = await classroomOf()
    const [page, viewer] = [await browserOf(app, presenter), await browserOf(app)]
    const refused = { ok: false, error: 'the presenter takes no messages from viewers now' }
    viewer.send(say('hello'))
    expect(await viewer.next('reply')).toMatchObject(refused)
    page.send({ type: 'command', id: 1, line: 'viewers may chat', by: 'page' })
    await page.next('reply')
    expect(lab.viewersMay).toBe('chat')
    page.send({ type: 'command', id: 2, line: 'viewers may watch', by: 'page' })
    await page.next('reply')
    viewer.send(say('hello'))
    expect(await viewer.next('reply')).toMatchObject(refused)
  })

  test('goes in at a node, and appears with the name', async () => {
    const { app, lab } = await classroomOf()
    await lab.start(0, lab.settings.basePort)
    allow(lab)
    const viewer = await browserOf(app)
    viewer.send(say('<b>hello</b>', '  Ada  B'))
    expect(await viewer.next('reply')).toEqual({ type: 'reply', id: 1, ok: true, output: [] })
    // The node answers first, and reports then.
    await nextEvent(lab, 'stored')
    await lab.journal.settled()
    const said = (event: LabEvent) => event.type === 'command' && event.by === 'viewer'
    expect(eventsOf(lab).filter(said)).toMatchObject([{ who: 'Ada B', line: '0 msg 1 <b>hello</b>' }])
    expect(lab.journal.state.commands).toMatchObject([{ by: 'viewer', who: 'Ada B' }])
    expect(lab.journal.state.messages).toMatchObject([{ text: '<b>hello</b>' }])
  })

  test.each([
    ['without a name', say('hello', ' '), /name is needed/],
    ['with markup for a name', say('hello', '<b>Ada</b>'), /letters/],
    ['that is too long', say('x'.repeat(MAX_SAYING_CHARS + 1)), /at most/],
    ['that would be a second command', say('hello\n0 crash'), /cannot be shown/],
    ['to a node that is not there', say('hello', 'Ada', 9), /no node 9/],
  ])('%s is refused with a reason, and leaves no trace', async (_, message, error) => {
    const { app, lab } = await classroomOf()
    allow(lab)
    await lab.journal.settled()
    const before = eventsOf(lab).length
    const viewer = await browserOf(app)
    viewer.send(message)
    expect(await viewer.next('reply')).toMatchObject({ ok: false, error: expect.stringMatching(error) })
    await lab.journal.settled()
    expect(eventsOf(lab)).toHaveLength(before)
  })

  test('too fast is refused; others are not held up by it', async () => {
    const { app, lab } = await classroomOf()
    allow(lab)
    const [one, other] = [await browserOf(app), await browserOf(app)]
    for (let count = 0; count <= SAYING_RATE.burst; count += 1) one.send(say(' '))
    const replies: unknown[] = []
    for (let count = 0; count <= SAYING_RATE.burst; count += 1) replies.push(await one.next('reply'))
    expect(replies.filter((reply) => JSON.stringify(reply).includes('too many messages; wait'))).toHaveLength(1)
    other.send(say(' '))
    expect(await other.next('reply')).toMatchObject({ error: 'the text is empty' })
  })

  test('by many is limited for all together', async () => {
    const { app, lab } = await classroomOf()
    allow(lab)
    const viewers = await Promise.all(Array.from({ length: 40 }, () => browserOf(app)))
    for (const viewer of viewers) viewer.send(say(' '))
    const replies = await Promise.all(viewers.map((viewer) => viewer.next('reply')))
    const count = (error: string) => replies.filter((reply) => !reply.ok && reply.error === error).length
    expect(count('too many messages; wait a moment')).toBeGreaterThan(0)
    expect(count('the text is empty')).toBeGreaterThanOrEqual(30)
  })
})

test('a viewer who does not read holds up nobody', async () => {
  const { app, lab, presenter } = await classroomOf()
  await lab.journal.settled()
  const stalled = await rawBrowserOf(new URL(await app.listen({ host: '127.0.0.1', port: 0 })))
  stalled.send({ type: 'join', version: PROTOCOL_VERSION })
  const page = await joined(await browserOf(app, presenter))
  const viewer = await joined(await browserOf(app))
  for (let count = 0; count < 60; count += 1)
    lab.journal.append({ type: 'command', by: 'rest', line: 'y'.repeat(500_000), output: [] })
  page.send(pointAt(1))
  const { last } = await lab.journal.settled().then(() => lab.journal.state)
  for (let seen = 0; seen < last; ) seen = (await viewer.next('events')).events.at(-1)?.n ?? seen
  page.send(pointAt(2))
  while ((await viewer.next('pointing')).cursor !== 2);
})
