/** Tests that viewers cannot act on the lab by any interface, and that the presenter can. */

import { connect } from 'node:net'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { MAX_SESSIONS, MAX_VIEWERS } from '../../shared/lab/sessions.ts'
import { parseCommand } from '../../shared/language/command.ts'
import { COMMAND_FORMS } from '../../shared/language/command-forms.ts'
import { VIEWER_MESSAGE_RATE } from '../../shared/wire/protocol.ts'
import { openHandoff } from '../cli/handoff-server.ts'
import { handoffSocket, readJsonLines } from '../platform/runtime/handoff.ts'
import { appOf, browserOf, classroomOf } from '../test-support/app.ts'
import { eventsOf } from '../test-support/lab.ts'

const HOST = { host: '127.0.0.1:5450' }
const WATCHING = expect.stringMatching(/^you are watching; only the presenter can control the lab\. .* key/)

/** Values for the placeholders of a form. */
const EXAMPLES: readonly (readonly [RegExp, string])[] = [
  [/ \[.*\]$/, ''],
  [/<setting>=<value> \.\.\./, 'fanout=1'],
  [/<id> <id>/, '0 1'],
  [/<id>|<messageID>/g, '0'],
  [/<n>|<number>/g, '2'],
  [/<topology>/, 'ring'],
  [/<text>/, 'hello'],
  [/<port>/, '20000'],
  [/<ms>|<percent>/g, '5'],
  [/<on\|off>/, 'on'],
  [/<KILL\|STOP\|CONT>/, 'STOP'],
]
const lineOf = (form: string) => EXAMPLES.reduce((line, [place, example]) => line.replace(place, example), form)
const LINES = COMMAND_FORMS.map(({ form }) => lineOf(form))

describe('each command, from a viewer', () => {
  test('is distinguished from an invalid line: every example is a command', () => {
    for (const line of LINES) expect(parseCommand(line), line).toMatchObject({ ok: true })
    const kinds = LINES.map((line) => {
      const parsed = parseCommand(line)
      return parsed.ok ? parsed.command.kind : ''
    })
    expect(new Set(kinds).size).toBeGreaterThanOrEqual(16)
  })

  test('is refused over the WebSocket, and leaves no trace', async () => {
    const { app, lab } = await classroomOf(2)
    await lab.sequencer.flushed()
    const before = eventsOf(lab).length
    for (const [id, line] of LINES.entries()) {
      const viewer = await browserOf(app)
      viewer.send({ type: 'command', id, line, by: 'console' })
      expect(await viewer.next('reply'), line).toEqual({ type: 'reply', id, ok: false, error: WATCHING })
      viewer.socket.terminate()
    }
    await lab.sequencer.flushed()
    expect(eventsOf(lab)).toHaveLength(before)
  })

  test('is refused over REST, and leaves no trace', async () => {
    const { app, lab } = await classroomOf(2)
    await lab.sequencer.flushed()
    const before = eventsOf(lab).length
    for (const line of LINES) {
      const { statusCode, body } = await app.inject({
        method: 'POST',
        url: '/api/commands',
        headers: { ...HOST, authorization: 'Bearer guessed', cookie: 'rumorscope-5450=guessed' },
        payload: { line },
      })
      expect([statusCode, JSON.parse(body)], line).toEqual([403, { ok: false, error: WATCHING }])
    }
    await lab.sequencer.flushed()
    expect(eventsOf(lab)).toHaveLength(before)
  })

  test('is no handoff: that interface takes two requests, from processes of the same user', async () => {
    const { lab, runtime } = await classroomOf(2)
    const server = await openHandoff(lab, runtime)
    onTestFinished(() => void server?.close())
    const answers: unknown[] = []
    const socket = connect(handoffSocket(runtime))
    onTestFinished(() => void socket.destroy())
    readJsonLines(socket, (message) => answers.push(message))
    for (const line of LINES)
      socket.write(`${JSON.stringify({ type: 'command', line })}\n${JSON.stringify({ line })}\n`)
    await expect.poll(() => answers).toHaveLength(2 * LINES.length)
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([JSON.stringify({ type: 'refused', why: 'not a handoff' })]),
    )
  })
})

describe('the presenter', () => {
  test('commands with the key, by script and by page', async () => {
    const { app, access, presenter } = await classroomOf()
    const request = { method: 'POST', url: '/api/commands', payload: { line: 'help' } } as const
    expect((await app.inject({ ...request, headers: { ...HOST, ...presenter } })).statusCode).toBe(200)
    const cookie = access.enter(access.key, HOST)?.split(';')[0] ?? ''
    expect((await app.inject({ ...request, headers: { ...HOST, cookie } })).statusCode).toBe(200)
    const page = await browserOf(app, { ...HOST, cookie })
    page.send({ type: 'command', id: 1, line: 'help', by: 'page' })
    expect(await page.next('reply')).toMatchObject({ ok: true })
    page.join()
    expect((await page.next('snapshot')).role).toBe('presenter')
  })

  test('finds room when viewers have taken theirs', async () => {
    const { app, presenter } = await classroomOf()
    const viewers = await Promise.all(Array.from({ length: MAX_VIEWERS }, () => browserOf(app)))
    expect(await (await browserOf(app)).closed).toBe(1013)
    const page = await browserOf(app, presenter)
    page.join()
    await page.next('snapshot')
    expect(MAX_SESSIONS).toBeGreaterThan(viewers.length)
  })
})

describe('a viewer', () => {
  test('sees state, health and events', async () => {
    const { app, lab } = await classroomOf()
    await lab.sequencer.flushed()
    const viewer = await browserOf(app)
    viewer.join()
    const { role, state } = await viewer.next('snapshot')
    expect([role, state]).toEqual(['viewer', lab.sequencer.state])
    lab.sequencer.append({ type: 'timers', held: true })
    expect((await viewer.next('events')).events).toBeInstanceOf(Array)
    for (const url of ['/api/health', '/api/state'])
      expect((await app.inject({ url, headers: HOST })).statusCode, url).toBe(200)
  })

  test('gets nothing of the machine, in a snapshot, in events and over REST', async () => {
    const { app, lab } = await classroomOf()
    const why = 'cannot open /home/lovelace/x.js'
    const fail = () =>
      lab.sequencer.append({ type: 'ended', node: 0, end: { how: 'failed', why }, stderr: ['/home/lovelace/y.js'] })
    fail()
    await lab.sequencer.flushed()
    const viewer = await browserOf(app)
    viewer.join()
    const seen: unknown[] = [await viewer.next('snapshot')]
    fail()
    await lab.sequencer.flushed()
    seen.push((await app.inject({ url: '/api/state', headers: HOST })).body)
    for (let events: readonly unknown[] = []; events.length === 0; ) {
      const message = await viewer.next('events')
      events = message.events
      seen.push(message)
    }
    expect(JSON.stringify(seen)).toContain('cannot open …')
    expect(JSON.stringify(seen)).not.toContain('lovelace')
  })

  test('that sends very much is closed', async () => {
    const { app, presenter } = await classroomOf()
    const [viewer, page] = [await browserOf(app), await browserOf(app, presenter)]
    const why = new Promise((resolve) => viewer.socket.once('close', (_, reason) => resolve(String(reason))))
    for (let id = 0; id < 3 * VIEWER_MESSAGE_RATE.burst; id += 1) {
      viewer.send({ type: 'command', id, line: 'help', by: 'page' })
      page.send({ type: 'command', id, line: 'help', by: 'page' })
    }
    expect(await viewer.closed).toBe(1008)
    expect(await why).toBe('too many messages')
    for (let id = 0; id < 64; id += 1) await page.next('reply')
  })

  test('that asks for the state again and again gets a cached copy', async () => {
    const { app, lab } = await classroomOf()
    await lab.sequencer.flushed()
    const write = vi.spyOn(JSON, 'stringify')
    const ask = () => app.inject({ url: '/api/state', headers: HOST })
    const bodies = (await Promise.all(Array.from({ length: 20 }, ask))).map(({ body }) => body)
    const written = write.mock.calls.filter(([value]) => (value as { nodes?: unknown })?.nodes !== undefined)
    write.mockRestore()
    expect(written).toHaveLength(1)
    for (const body of bodies) expect(JSON.parse(body)).toEqual(lab.sequencer.state)
    lab.sequencer.append({ type: 'timers', held: true })
    expect(JSON.parse((await ask()).body).timersHeld).toBe(true)
  })

  test('cannot ask for an invitation', async () => {
    const { app, presenter } = await classroomOf()
    expect((await app.inject({ url: '/api/invite', headers: HOST })).statusCode).toBe(403)
    const { statusCode, body } = await app.inject({ url: '/api/invite', headers: { ...HOST, ...presenter } })
    expect([statusCode, JSON.parse(body)]).toEqual([200, { addresses: expect.any(Array) }])
  })
})

test('the invitation contains each given name, over HTTPS if a forwarder must be involved', async () => {
  // The last three lead each viewer to their own machine.
  const names = ['x.example', 'y.example:8443', 'localhost:8443', '127.0.0.5:8443', '[::1]:8443']
  const addressesOf = async (host: string) => {
    const { app, access } = await appOf(1, { host, names })
    const headers = { ...HOST, authorization: `Bearer ${access.key}` }
    return JSON.parse((await app.inject({ url: '/api/invite', headers })).body).addresses
  }
  expect(await addressesOf('127.0.0.1')).toEqual(['https://x.example', 'https://y.example:8443'])
  expect(await addressesOf('192.168.1.20')).toEqual([
    'http://192.168.1.20:80',
    'http://x.example:80',
    'https://y.example:8443',
  ])
})

describe('the key', () => {
  const enter = (payload: { key: string }) =>
    ({ method: 'POST', url: '/api/session', headers: { ...HOST, origin: `http://${HOST.host}` }, payload }) as const

  test('is exchanged for a cookie', async () => {
    const { app, access } = await classroomOf()
    const { statusCode, headers, body } = await app.inject(enter({ key: access.key }))
    expect([statusCode, body]).toEqual([200, '{"ok":true}'])
    expect(headers['set-cookie']).toMatch(/HttpOnly; SameSite=Strict$/)
    expect(headers['cache-control']).toBe('no-store')
  })

  test('that is wrong gets a reason and no cookie', async () => {
    const { app } = await classroomOf()
    const { statusCode, headers, body } = await app.inject(enter({ key: 'guessed' }))
    expect([statusCode, headers['set-cookie'], JSON.parse(body).error]).toEqual([
      403,
      undefined,
      expect.stringMatching(/key/),
    ])
    expect((await app.inject(enter({ key: 'x'.repeat(129) }))).statusCode).toBe(400)
  })

  test('is in no answer except that cookie', async () => {
    const { app, access, presenter } = await classroomOf()
    for (const url of ['/api/health', '/api/state', '/api/invite', '/', '/nothing']) {
      const { body, headers } = await app.inject({ url, headers: { ...HOST, ...presenter } })
      expect(body + JSON.stringify(headers), url).not.toContain(access.key)
    }
  })
})

describe('a classroom', () => {
  test.each([
    ['another host: a name that was made to resolve here', { host: 'evil.example:5450' }],
    ['another host that ends well', { host: 'evil.class.example' }],
    ['a page from elsewhere', { ...HOST, origin: 'http://evil.example' }],
    ['a page of another port of this machine', { ...HOST, origin: 'http://127.0.0.1:8080' }],
    ['a page of another of its names', { ...HOST, origin: 'http://class.example:5450' }],
    ['a picture on another site', { ...HOST, 'sec-fetch-site': 'cross-site' }],
    ['a script of another port', { ...HOST, 'sec-fetch-site': 'same-site' }],
  ])('is closed to %s, with the key or without', async (_, headers) => {
    const { app, presenter } = await classroomOf()
    for (const more of [{}, presenter]) {
      expect((await app.inject({ url: '/api/state', headers: { ...headers, ...more } })).statusCode).toBe(403)
      await expect(browserOf(app, { ...headers, ...more })).rejects.toThrow('403')
    }
  })

  test('is open to links from elsewhere, and to its own page by any of its names', async () => {
    const { app } = await classroomOf()
    const link = await app.inject({ url: '/', headers: { ...HOST, 'sec-fetch-site': 'cross-site' } })
    expect(link.statusCode).not.toBe(403)
    const headers = { host: 'class.example:5450', origin: 'http://class.example:5450', 'sec-fetch-site': 'same-origin' }
    expect((await app.inject({ url: '/api/state', headers })).statusCode).toBe(200)
    await browserOf(app, headers)
  })
})
