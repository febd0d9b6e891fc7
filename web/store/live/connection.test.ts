import { expect, test } from 'vitest'
import type { LabEvent } from '../../../shared/model/event.ts'
import { EMPTY_LAB, type LabState } from '../../../shared/model/lab-state.ts'
import type { ServerMessage } from '../../../shared/wire/protocol.ts'
import { GIVE_UP_AFTER_MS } from '../../../shared/wire/rhythm.ts'
import { PROTOCOL_VERSION } from '../../../shared/wire/version.ts'
import {
  type Connection,
  connect,
  type Dialling,
  FIRST_RETRY_MS,
  LAST_RETRY_MS,
  type SocketEvents,
} from './connection.ts'

const clock = { version: PROTOCOL_VERSION, lab: 'a', role: 'presenter', now: 5, beganAt: 0, oldest: 1 } as const
const event = (n: number): LabEvent => ({ n, at: n, type: 'running', node: 0, tcp: [] })

/** A page with a server that the test plays. `take` handles events. */
function play(take = (_: readonly LabEvent[]) => {}, whyShut: Dialling['whyShut'] = async () => undefined) {
  const sockets: { events: SocketEvents; sent: unknown[] }[] = []
  const timers: { run: () => void; ms: number }[] = []
  const waits: number[] = []
  const phases: Connection[] = []
  const snapshots: { state: LabState; anotherLab: boolean }[] = []
  const numbers: number[] = []
  const pasts: number[] = []
  const heard: string[] = []
  const times: [now: number, rate: number][] = []
  const client = connect(
    {
      open(events) {
        const sent: unknown[] = []
        sockets.push({ events, sent })
        return { send: (text) => void sent.push(JSON.parse(text)), close: () => events.closed() }
      },
      later(run, ms) {
        const timer = { run, ms }
        timers.push(timer)
        if (ms !== GIVE_UP_AFTER_MS) waits.push(ms)
        return () => timers.splice(timers.indexOf(timer) >>> 0, 1)
      },
      chance: () => 1,
      whyShut,
    },
    {
      connection: (connection) => phases.push(connection),
      snapshot: (state, anotherLab) => snapshots.push({ state, anotherLab }),
      events(events) {
        take(events)
        numbers.push(...events.map(({ n }) => n))
      },
      past: (_, events) => pasts.push(events.length),
      now: (labNow, rate) => times.push([labNow, rate]),
      pointing: ({ cursor }) => heard.push(`pointing ${cursor}`),
      audience: (viewers) => heard.push(`audience ${viewers}`),
    },
  )
  const server = {
    says: (message: ServerMessage) => sockets.at(-1)?.events.said(JSON.stringify(message)),
    opens: () => sockets.at(-1)?.events.opened(),
    hangsUp: () => sockets.at(-1)?.events.closed(),
    heard: () => sockets.at(-1)?.sent ?? [],
  }
  return { client, server, sockets, timers, waits, phases, snapshots, numbers, pasts, heard, times }
}

test('the first join asks for everything', () => {
  const { server, phases, snapshots } = play()
  server.opens()
  expect(server.heard()).toEqual([{ type: 'join', version: PROTOCOL_VERSION }])
  server.says({ type: 'snapshot', state: EMPTY_LAB, ...clock })
  expect(snapshots).toHaveLength(1)
  expect(phases.map(({ phase }) => phase)).toEqual(['connecting', 'live'])
})

test('a page that comes back asks for the missed events, and takes no event twice', () => {
  const { server, timers, numbers } = play()
  server.opens()
  server.says({ type: 'snapshot', state: { ...EMPTY_LAB, last: 3 }, ...clock })
  server.says({ type: 'events', now: 9, events: [event(4), event(5)] })
  server.hangsUp()
  timers[0]?.run()
  server.opens()
  expect(server.heard()).toEqual([{ type: 'join', version: PROTOCOL_VERSION, has: { lab: 'a', after: 5 } }])
  server.says({ type: 'resumed', ...clock })
  server.says({ type: 'events', now: 9, events: [event(5), event(6)] })
  expect(numbers).toEqual([4, 5, 6])
})

test('a snapshot of another lab is distinguished', () => {
  const { server, timers, snapshots } = play()
  server.opens()
  server.says({ type: 'snapshot', state: EMPTY_LAB, ...clock })
  server.hangsUp()
  timers[0]?.run()
  server.opens()
  server.says({ type: 'snapshot', state: EMPTY_LAB, ...clock, lab: 'b' })
  expect(snapshots.map(({ anotherLab }) => anotherLab)).toEqual([true, true])
})

test('the waits between attempts double up to a bound, and start again after a success', () => {
  const { server, timers, waits } = play()
  const fail = () => {
    server.hangsUp()
    timers.at(-1)?.run()
  }
  for (let attempt = 0; attempt < 7; attempt += 1) fail()
  expect(waits).toEqual([FIRST_RETRY_MS, 500, 1_000, 2_000, 4_000, LAST_RETRY_MS, LAST_RETRY_MS])
  server.opens()
  server.says({ type: 'snapshot', state: EMPTY_LAB, ...clock })
  fail()
  expect(waits.at(-1)).toBe(FIRST_RETRY_MS)
})

test('a reply finds its command', async () => {
  const { client, server } = play()
  server.opens()
  server.says({ type: 'snapshot', state: EMPTY_LAB, ...clock })
  const first = client.send('0 get chatLog', 'page')
  const second = client.send('nonsense', 'console')
  expect(server.heard().slice(1)).toEqual([
    { type: 'command', id: 1, line: '0 get chatLog', by: 'page' },
    { type: 'command', id: 2, line: 'nonsense', by: 'console' },
  ])
  server.says({ type: 'reply', id: 2, ok: false, error: 'no command' })
  server.says({ type: 'reply', id: 1, ok: true, output: ['<empty>'] })
  await expect(first).resolves.toEqual({ ok: true, output: ['<empty>'] })
  await expect(second).resolves.toEqual({ ok: false, error: 'no command' })
})

test('a command whose answer is lost with the connection says so', async () => {
  const { client, server } = play()
  server.opens()
  server.says({ type: 'snapshot', state: EMPTY_LAB, ...clock })
  const reply = client.send('0 crash', 'page')
  server.hangsUp()
  await expect(reply).resolves.toMatchObject({ ok: false })
  await expect(client.send('0 crash', 'page')).resolves.toMatchObject({ ok: false })
})

test('a server that does not understand the join is not asked again', () => {
  const { server, timers, phases } = play()
  server.opens()
  server.says({ type: 'refused', error: 'version' })
  expect(phases.at(-1)).toEqual({ phase: 'refused', error: 'version' })
  expect(timers).toEqual([])
})

test.each([
  ['no JSON', '{'],
  ['no text', new ArrayBuffer(1)],
  ['of a kind that it does not know', JSON.stringify({ type: 'greeting' })],
  ['of another version', JSON.stringify({ type: 'snapshot', state: EMPTY_LAB, ...clock, version: 1 })],
  ['a state without its parts', JSON.stringify({ type: 'snapshot', state: { last: 3 }, ...clock })],
  [
    'a state whose nodes are no list',
    JSON.stringify({ type: 'snapshot', state: { ...EMPTY_LAB, nodes: {} }, ...clock }),
  ],
])('a page that cannot understand a message (%s) says so, and waits no longer', async (_, told) => {
  const { client, sockets, timers, phases, snapshots } = play()
  sockets[0]?.events.said(told)
  expect(phases.at(-1)?.phase).toBe('refused')
  expect(snapshots).toEqual([])
  expect(timers).toEqual([])
  await expect(client.send('0 crash', 'page')).resolves.toMatchObject({ ok: false })
})

test('a page that missed an event says so, and takes none that follow', () => {
  const { server, phases, numbers } = play()
  server.opens()
  server.says({ type: 'snapshot', state: { ...EMPTY_LAB, last: 3 }, ...clock })
  server.says({ type: 'events', now: 9, events: [event(4)] })
  server.says({ type: 'events', now: 9, events: [event(6)] })
  expect(phases.at(-1)).toMatchObject({ phase: 'refused', error: expect.stringContaining('event 5') })
  expect(numbers).toEqual([4])
})

test('a page that cannot take in an event says which', () => {
  const { server, phases } = play((events) => {
    if (events.some(({ n }) => n === 5)) throw new Error('no settings')
  })
  server.opens()
  server.says({ type: 'snapshot', state: { ...EMPTY_LAB, last: 3 }, ...clock })
  server.says({ type: 'events', now: 9, events: [event(4)] })
  expect(phases.at(-1)?.phase).toBe('live')
  server.says({ type: 'events', now: 9, events: [event(5)] })
  expect(phases.at(-1)).toMatchObject({ phase: 'refused', error: expect.stringMatching(/event 5.*no settings/) })
})

test('only one question about the past is open at a time, also after a lost connection', () => {
  const { client, server, sockets, timers, pasts } = play()
  client.askPast(7)
  expect(server.heard()).toEqual([])
  server.opens()
  server.says({ type: 'snapshot', ...clock, state: { ...EMPTY_LAB, last: 7 } })
  client.askPast(8)
  client.askPast(8)
  expect(server.heard().slice(1)).toEqual([{ type: 'history', before: 8 }])
  server.says({ type: 'past', state: EMPTY_LAB, events: [event(1)], oldest: 1 })
  expect(pasts).toEqual([1])
  client.askPast(5)
  server.hangsUp()
  timers.at(-1)?.run()
  server.opens()
  server.says({ type: 'resumed', ...clock })
  client.askPast(5)
  expect(sockets.at(-1)?.sent.slice(1)).toEqual([{ type: 'history', before: 5 }])
})

test('a lab that keeps the connection and sends nothing is given up, its commands are answered, and it is dialled again', async () => {
  const { client, server, timers, sockets, phases } = play()
  server.opens()
  server.says({ type: 'snapshot', state: EMPTY_LAB, ...clock })
  const reply = client.send('0 crash', 'page')
  const patience = timers.filter(({ ms }) => ms === GIVE_UP_AFTER_MS)
  expect(patience).toHaveLength(1)
  patience[0]?.run()
  expect(phases.at(-1)).toEqual({ phase: 'lost', attempt: 1 })
  expect(await reply).toEqual({
    ok: false,
    error: 'the connection was lost before the lab replied; check whether the command ran',
  })
  timers.find(({ ms }) => ms === FIRST_RETRY_MS)?.run()
  expect(sockets).toHaveLength(2)
})

test('a quiet lab that sends its time is not given up', () => {
  const { server, timers, phases } = play()
  server.opens()
  server.says({ type: 'snapshot', state: EMPTY_LAB, ...clock })
  const before = timers.find(({ ms }) => ms === GIVE_UP_AFTER_MS)
  server.says({ type: 'events', now: 2_000, events: [] })
  const since = timers.filter(({ ms }) => ms === GIVE_UP_AFTER_MS)
  expect(since).toHaveLength(1)
  expect(since[0]).not.toBe(before)
  expect(phases.at(-1)?.phase).toBe('live')
})

test('the time of a lab runs as fast as the lab says, and as real time by default', () => {
  const { server, times } = play()
  server.opens()
  server.says({ type: 'snapshot', state: EMPTY_LAB, ...clock })
  server.says({ type: 'events', now: 9, rate: 0, events: [] })
  server.says({ type: 'events', now: 9, events: [] })
  expect(times).toEqual([
    [5, 1],
    [9, 0],
    [9, 1],
  ])
})

test('the presenter’s focus and the number of viewers are passed on', () => {
  const { client, server, heard } = play()
  const pointing = { selection: null, cursor: 7, time: { mode: 'live', speed: 1, at: null } } as const
  client.point(pointing)
  server.opens()
  server.says({ type: 'snapshot', state: EMPTY_LAB, ...clock })
  server.says({ type: 'pointing', ...pointing })
  server.says({ type: 'audience', viewers: 3 })
  expect(heard).toEqual(['pointing 7', 'audience 3'])
  client.point(pointing)
  expect(server.heard().slice(1)).toEqual([{ type: 'pointing', ...pointing }])
})

test('a page that is refused says why, and keeps trying', async () => {
  const { server, timers, phases } = play(undefined, async () => 'use another name')
  server.hangsUp()
  await Promise.resolve()
  const lost = { phase: 'lost', attempt: 1 }
  expect(phases.slice(1)).toEqual([lost, { ...lost, why: 'use another name' }])
  timers[0]?.run()
  server.opens()
  server.says({ type: 'snapshot', state: EMPTY_LAB, ...clock })
  expect(phases.at(-1)?.phase).toBe('live')
  server.hangsUp()
  await Promise.resolve()
  expect(phases.at(-1)).toEqual(lost)
})
