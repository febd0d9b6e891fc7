import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Lab } from '../../shared/lab/lab.ts'
import type { LabEvent } from '../../shared/model/event.ts'
import { fold } from '../../shared/model/fold.ts'
import { PROTOCOL_VERSION } from '../../shared/wire/version.ts'
import { MAX_CLIENT_MESSAGE_BYTES } from '../app.ts'
import { appOf, type Browser, browserOf } from '../test-support/app.ts'
import { note } from '../test-support/lab.ts'
import { MAX_OPEN_COMMANDS } from './browser.ts'
import { MAX_BROWSERS } from './socket.ts'

/** Events as they come, until one says `line`. */
async function eventsUntil(browser: Browser, line: string): Promise<LabEvent[]> {
  const events: LabEvent[] = []
  const isLast = (event: LabEvent) => event.type === 'command' && event.line === line
  while (!events.some(isLast)) events.push(...(await browser.next('events')).events)
  return events
}

test('the lab is listened to while there is a browser, and not otherwise: a burst waits while nobody watches', async () => {
  const { app, lab } = await appOf()
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
  const [first, second] = [await browserOf(app), await browserOf(app)]
  expect(listeners).toBe(1)
  first.socket.terminate()
  await first.closed
  expect(listeners).toBe(1)
  second.socket.terminate()
  await second.closed
  await expect.poll(() => listeners).toBe(0)
  await browserOf(app)
  expect(listeners).toBe(1)
})

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
    const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    onTestFinished(() => told.mockRestore())
    vi.spyOn(lab, 'stopAll').mockRejectedValue(new Error('a defect'))
    browser.send({ type: 'command', id: 1, line: 'exit', by: 'page' })
    const error = 'this is a fault of Rumorscope, please report it: a defect'
    expect(await browser.next('reply')).toEqual({ type: 'reply', id: 1, ok: false, error })
    const [, file = ''] =
      /^this is a fault .*: a defect\. Details are in (.*)\n$/.exec(`${told.mock.calls[0]?.[0]}`) ?? []
    expect(readFileSync(file, 'utf8')).toMatch(/Error: a defect\n +at /)
    rmSync(dirname(file), { recursive: true })
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

  test('a message that is not UTF-8, with the end of the connection, and half of a character in one that is', async () => {
    const { app } = await appOf()
    const browser = await browserOf(app)
    browser.send('{"type":"command","id":1,"by":"page","line":"0 msg 1 \\udcff"}')
    expect(await browser.next('reply')).toMatchObject({ ok: false, error: expect.stringMatching(/not valid Unicode/) })
    browser.socket.send(Buffer.from('{"type":"command","id":1,"by":"page","line":"0 msg 1 \xff"}', 'latin1'), {
      binary: false,
    })
    expect(await browser.closed).toBe(1007)
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

test.each([
  ['/api/ws', 'HTTP/1.1 403', 'may not use the lab'],
  ['/api/%zz', 'HTTP/1.1 400', 'is not a valid address'],
])(
  'a WebSocket to %s that is refused is closed by the lab, so it does not keep the lab from ending',
  async (path, status, why) => {
    const { app } = await appOf()
    const { hostname, port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
    const socket = connect(Number(port), hostname)
    onTestFinished(() => void socket.destroy())
    const lines = [
      `GET ${path} HTTP/1.1`,
      `Host: ${hostname}:${port}`,
      'Origin: http://evil.example',
      'Upgrade: websocket',
    ]
    const rest = ['Connection: Upgrade', 'Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${'A'.repeat(22)}==`, '', '']
    socket.write([...lines, ...rest].join('\r\n'))
    let answer = ''
    socket.on('data', (data) => {
      answer += data
    })
    await once(socket, 'close')
    expect([answer.startsWith(status), answer.includes(why)], answer).toEqual([true, true])
  },
)

test('the lab that ends says so', async () => {
  const { app } = await appOf()
  const browser = await browserOf(app)
  browser.join()
  await browser.next('snapshot')
  await app.close()
  expect(await browser.closed).toBe(1001)
})
