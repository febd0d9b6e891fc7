import { describe, expect, test, vi } from 'vitest'
import type { LabEvent } from '../model/event.ts'
import { fold } from '../model/fold.ts'
import { NO_SOCKETS, VirtualMachine } from '../sim/virtual-machine.ts'
import { POINTING_EVERY_MS } from '../wire/rhythm.ts'
import { PROTOCOL_VERSION } from '../wire/version.ts'
import { JOIN_WITHIN_MS, MAX_OPEN_COMMANDS } from './client-session.ts'
import { MAX_BACKLOG_BYTES } from './connection.ts'
import { labOf, type TestPage } from './fixture.ts'
import type { Lab } from './lab.ts'

/** Returns the events up to the one that says `line`. */
async function eventsUntil(page: TestPage, line: string): Promise<LabEvent[]> {
  const events: LabEvent[] = []
  const isLast = (event: LabEvent) => event.type === 'command' && event.line === line
  while (!events.some(isLast)) events.push(...(await page.next('events')).events)
  return events
}

const virtualLab = () => labOf(new VirtualMachine(NO_SOCKETS))

test('the sequencer has a listener only while there is a page: a burst waits while nobody watches', async () => {
  const { lab, page } = await virtualLab()
  let listeners = 0
  const onRelease = lab.onRelease.bind(lab)
  lab.onRelease = (listener) => {
    listeners += 1
    const stop = onRelease(listener)
    return () => {
      listeners -= 1
      stop()
    }
  }
  const [first, second] = [page(), page()]
  expect(listeners).toBe(1)
  first.hangUp()
  expect(listeners).toBe(1)
  second.hangUp()
  expect(listeners).toBe(0)
  page()
  expect(listeners).toBe(1)
})

test('a page that connects and does not join is closed with a reason; a joined page stays', async () => {
  const machine = new VirtualMachine(NO_SOCKETS)
  const { page } = await labOf(machine)
  const [mute, joined] = [page(), page()]
  joined.join()
  await machine.advanceAsync(JOIN_WITHIN_MS - 1)
  expect(mute.closed).toBeUndefined()
  await machine.advanceAsync(1)
  expect(mute.closed).toEqual(['misused', 'join first: send a join message'])
  expect(joined.closed).toBeUndefined()
  joined.send({ type: 'command', id: 1, line: 'help', by: 'page' })
  expect(await joined.next('reply')).toMatchObject({ ok: true })
})

describe('a page that joins', () => {
  test('gets a snapshot, then all events after it without a gap', async () => {
    const { lab, page, note } = await virtualLab()
    const joining = page()
    joining.join()
    const { state, lab: id, version } = await joining.next('snapshot')
    expect([id, version, state.last]).toEqual([lab.id, PROTOCOL_VERSION, lab.sequencer.state.last])
    for (const line of ['one', 'two', 'three']) note(line)
    const events = await eventsUntil(joining, 'three')
    expect(events.map(({ n }) => n)).toEqual(events.map((_, index) => state.last + 1 + index))
    expect(fold(state, events)).toEqual(lab.sequencer.state)
  })

  test('with events that it has continues from there', async () => {
    const { lab, page, note, settle } = await virtualLab()
    for (const line of ['one', 'two', 'three']) note(line)
    await settle()
    const joining = page()
    joining.join({ lab: lab.id, after: 2 })
    expect(await joining.next('resumed')).toMatchObject({ lab: lab.id })
    expect((await eventsUntil(joining, 'three')).map(({ n }) => n)).toEqual([3, 4])
  })

  test.each([
    { what: 'events of another lab', has: () => ({ lab: 'another', after: 1 }) },
    { what: 'events that are still to come', has: (lab: Lab) => ({ lab: lab.id, after: 1_000 }) },
  ])('with $what gets a snapshot', async ({ has }) => {
    const { lab, page } = await virtualLab()
    const joining = page()
    joining.join(has(lab))
    expect((await joining.next('snapshot')).state).toEqual(lab.sequencer.state)
  })

  test('hears nothing before it has joined', async () => {
    const { page, note, settle } = await virtualLab()
    const joining = page()
    note('before')
    await settle()
    expect(joining.taken()).toEqual([])
    joining.join()
    expect((await joining.next('snapshot')).state.last).toBe(2)
  })
})

test('a page that does not read gets nothing that can wait, and everything once it reads again', async () => {
  const { page, note, settle } = await virtualLab()
  const reader = page()
  reader.join()
  reader.taken()
  reader.waiting = MAX_BACKLOG_BYTES + 1
  for (const line of ['one', 'two']) note(line)
  reader.send({ type: 'history', before: 1 })
  await settle()
  expect(reader.taken()).toEqual([])
  reader.send({ type: 'command', id: 1, line: 'help', by: 'page' })
  await settle()
  expect(reader.taken()).toMatchObject([{ type: 'reply' }])
  reader.waiting = 0
  expect((await eventsUntil(reader, 'two')).map(({ n }) => n)).toEqual([2, 3, 4])
  expect(await reader.next('past')).toMatchObject({ events: [] })
})

test('the pace of the lab’s time is sent unless it is real time, and soon when it changes', async () => {
  const machine = new VirtualMachine(NO_SOCKETS)
  const { page, time, note } = await labOf(machine)
  const watching = page()
  watching.join()
  expect(await watching.next('snapshot')).not.toHaveProperty('rate')
  await machine.advanceAsync(POINTING_EVERY_MS)
  watching.taken()
  time.rate = 0
  await machine.advanceAsync(POINTING_EVERY_MS)
  expect(watching.taken()).toMatchObject([{ type: 'events', rate: 0, events: [] }])
  note('still')
  expect(await watching.next('events')).toMatchObject({ rate: 0, events: [{ line: 'still' }] })
  const late = page()
  late.join()
  await late.next('snapshot')
  expect(await late.next('events')).toMatchObject({ rate: 0 })
  time.rate = 1
  expect(await watching.next('events')).not.toHaveProperty('rate')
})

describe('a command', () => {
  test('is carried out and answered with its id', async () => {
    const { lab, page, settle } = await virtualLab()
    const commanding = page()
    commanding.send({ type: 'command', id: 7, line: 'delay 5', by: 'console' })
    expect(await commanding.next('reply')).toEqual({ type: 'reply', id: 7, ok: true, output: [] })
    commanding.send({ type: 'command', id: 8, line: 'dance', by: 'page' })
    expect(await commanding.next('reply')).toMatchObject({ id: 8, ok: false, error: expect.stringContaining('dance') })
    await settle()
    expect(lab.sequencer.state.commands.map(({ by, line }) => `${by} ${line}`)).toEqual([
      'console delay 5',
      'page dance',
    ])
  })

  test('past the bound of open commands is refused, and later ones are not', async () => {
    const { lab, page } = await virtualLab()
    const commanding = page()
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
    for (let id = 0; id <= MAX_OPEN_COMMANDS; id += 1)
      commanding.send({ type: 'command', id, line: 'exit', by: 'page' })
    expect(await commanding.next('reply')).toEqual({
      type: 'reply',
      id: MAX_OPEN_COMMANDS,
      ok: false,
      error: 'too many commands at once; wait for the replies',
    })
    finish()
    for (let id = 0; id < MAX_OPEN_COMMANDS; id += 1) expect((await commanding.next('reply')).ok).toBe(true)
    commanding.send({ type: 'command', id: 99, line: 'help', by: 'page' })
    expect(await commanding.next('reply')).toMatchObject({ id: 99, ok: true })
  })
})

test.each([
  ['what is no JSON', 'hello'],
  ['an unknown type', { type: 'shout' }],
  ['another version', { type: 'join', version: 0 }],
  ['a field too many', { type: 'join', version: PROTOCOL_VERSION, admin: true }],
  ['a line that is no text', { type: 'command', id: 1, line: 1, by: 'page' }],
  ['somebody else', { type: 'command', id: 1, line: 'help', by: 'rest' }],
  ['null', 'null'],
])('%s is refused, and the connection stays', async (_, message) => {
  const { page } = await virtualLab()
  const sending = page()
  sending.send(message)
  expect((await sending.next('refused')).error).toMatch(/./)
  sending.send({ type: 'command', id: 1, line: 'help', by: 'page' })
  expect((await sending.next('reply')).ok).toBe(true)
})
