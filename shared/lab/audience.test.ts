/** Viewers follow the presenter, and can only do what they may. */

import { describe, expect, test } from 'vitest'
import { MAX_SAYING_CHARS } from '../language/saying.ts'
import type { LabEvent } from '../model/event.ts'
import { NO_SOCKETS, VirtualMachine } from '../sim/virtual-machine.ts'
import { POINTING_EVERY_MS } from '../wire/rhythm.ts'
import { SAYING_RATE } from './client-session.ts'
import { labOf, type TestPage } from './fixture.ts'

const LIVE = { mode: 'live', speed: 1, at: null }
const pointAt = (id: number) => ({ type: 'pointing', selection: { kind: 'node', id }, cursor: id, time: LIVE })

/** A lab, and a way to join it. */
async function classroom() {
  const machine = new VirtualMachine(NO_SOCKETS)
  const made = await labOf(machine)
  const join = async (page: TestPage) => {
    page.join()
    await page.next('snapshot')
    return page
  }
  return { ...made, machine, presenter: () => join(made.page('presenter')), viewer: () => join(made.page('viewer')) }
}

describe('the presenter’s focus', () => {
  test('reaches viewers, and those who join later', async () => {
    const { presenter, viewer } = await classroom()
    const [pointing, watching] = [await presenter(), await viewer()]
    pointing.send(pointAt(1))
    expect(await watching.next('pointing')).toEqual(pointAt(1))
    expect(await (await viewer()).next('pointing')).toEqual(pointAt(1))
  })

  test('is sent only in its latest state, however often it changes', async () => {
    const { machine, presenter, viewer } = await classroom()
    const [pointing, watching] = [await presenter(), await viewer()]
    const steps = 10
    for (let step = 1; step <= steps; step += 1) {
      for (let id = 1; id <= 100; id += 1) pointing.send(pointAt(100 * step + id))
      await machine.advanceAsync(POINTING_EVERY_MS)
    }
    const told = watching.taken().filter(({ type }) => type === 'pointing')
    expect(told.length).toBeLessThanOrEqual(steps)
    expect(told.at(-1)).toEqual(pointAt(100 * steps + 100))
  })

  test('is accepted from the presenter only', async () => {
    const { presenter, viewer } = await classroom()
    const [other, watching] = [await viewer(), await viewer()]
    other.send(pointAt(1))
    expect((await other.next('refused')).error).toBe('you are watching; only the presenter can point')
    ;(await presenter()).send(pointAt(2))
    expect((await watching.next('pointing')).cursor).toBe(2)
  })

  test.each([
    ['nothing at all', {}],
    ['an instant that is none', { selection: null, cursor: 'now', time: LIVE }],
    ['a thing that is none', { selection: { kind: 'person', id: 1 }, cursor: null, time: LIVE }],
    ['a time that stands nowhere', { selection: null, cursor: null, time: { ...LIVE, speed: 0 } }],
    ['more than that', { selection: null, cursor: null, time: LIVE, html: '<b>' }],
  ])('is not %s', async (_, pointing) => {
    const { presenter } = await classroom()
    const page = await presenter()
    page.send({ type: 'pointing', ...pointing })
    expect((await page.next('refused')).error).toMatch(/not a message/)
  })
})

test('the presenter learns the number of viewers', async () => {
  const { presenter, viewer } = await classroom()
  const page = await presenter()
  const until = async (count: number) => {
    while ((await page.next('audience')).viewers !== count);
  }
  const viewers = [await viewer(), await viewer()]
  await until(2)
  viewers[0]?.hangUp()
  await until(1)
})

describe('a viewer’s message', () => {
  const say = (text: string, name = 'Ada', node = 0) => ({ type: 'say', id: 1, node, name, text })

  test('is refused before the presenter allows it, and after the presenter stops it', async () => {
    const { lab, presenter, viewer } = await classroom()
    const [page, watching] = [await presenter(), await viewer()]
    const refused = { ok: false, error: 'the presenter does not accept messages from viewers now' }
    watching.send(say('hello'))
    expect(await watching.next('reply')).toMatchObject(refused)
    page.send({ type: 'command', id: 1, line: 'viewers may chat', by: 'page' })
    await page.next('reply')
    expect(lab.viewersMay).toBe('chat')
    page.send({ type: 'command', id: 2, line: 'viewers may watch', by: 'page' })
    await page.next('reply')
    watching.send(say('hello'))
    expect(await watching.next('reply')).toMatchObject(refused)
  })

  test('goes to a node, and appears with the name', async () => {
    const { lab, viewer, settle, events } = await classroom()
    await lab.start(0, lab.settings.basePort)
    lab.letViewers('chat')
    const watching = await viewer()
    watching.send(say('<b>hello</b>', '  Ada  B'))
    expect(await watching.next('reply')).toEqual({ type: 'reply', id: 1, ok: true, output: [] })
    await settle()
    const said = (event: LabEvent) => event.type === 'command' && event.by === 'viewer'
    expect(events().filter(said)).toMatchObject([{ who: 'Ada B', line: '0 msg 1 <b>hello</b>' }])
    expect(lab.sequencer.state.commands).toMatchObject([{ by: 'viewer', who: 'Ada B' }])
    expect(lab.sequencer.state.messages).toMatchObject([{ text: '<b>hello</b>' }])
  })

  test.each([
    ['without a name', say('hello', ' '), /name is missing/],
    ['with markup for a name', say('hello', '<b>Ada</b>'), /letters/],
    ['that is too long', say('x'.repeat(MAX_SAYING_CHARS + 1)), /at most/],
    ['that would be a second command', say('hello\n0 crash'), /cannot be shown/],
    ['to a node that is not there', say('hello', 'Ada', 9), /no node 9/],
  ])('%s is refused with a reason, and leaves no trace', async (_, message, error) => {
    const { lab, viewer, settle, events } = await classroom()
    lab.letViewers('chat')
    await settle()
    const before = events().length
    const watching = await viewer()
    watching.send(message)
    expect(await watching.next('reply')).toMatchObject({ ok: false, error: expect.stringMatching(error) })
    await settle()
    expect(events()).toHaveLength(before)
  })

  test('over the rate limit is refused; other viewers are not delayed', async () => {
    const { lab, viewer } = await classroom()
    lab.letViewers('chat')
    const [one, other] = [await viewer(), await viewer()]
    for (let count = 0; count <= SAYING_RATE.burst; count += 1) one.send(say(' '))
    const replies: unknown[] = []
    for (let count = 0; count <= SAYING_RATE.burst; count += 1) replies.push(await one.next('reply'))
    expect(replies.filter((reply) => JSON.stringify(reply).includes('too many messages; wait'))).toHaveLength(1)
    other.send(say(' '))
    expect(await other.next('reply')).toMatchObject({ error: 'the text is empty' })
  })

  test('counts towards a limit for all viewers together', async () => {
    const { lab, viewer } = await classroom()
    lab.letViewers('chat')
    const viewers: TestPage[] = []
    for (let count = 0; count < 40; count += 1) viewers.push(await viewer())
    for (const watching of viewers) watching.send(say(' '))
    const errors: string[] = []
    for (const watching of viewers) {
      const reply = await watching.next('reply')
      if (!reply.ok) errors.push(reply.error)
    }
    const count = (error: string) => errors.filter((each) => each === error).length
    expect(count('too many messages; wait a moment')).toBeGreaterThan(0)
    expect(count('the text is empty')).toBeGreaterThanOrEqual(30)
  })
})
