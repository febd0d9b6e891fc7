import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { MAX_SESSIONS } from '../../shared/lab/sessions.ts'
import { MAX_CLIENT_MESSAGE_BYTES } from '../app.ts'
import { appOf, browserOf } from '../test-support/app.ts'

test('a command that fails for an unforeseen reason is answered, and the lab lives', async () => {
  const { app, lab } = await appOf()
  const browser = await browserOf(app)
  const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  onTestFinished(() => told.mockRestore())
  vi.spyOn(lab, 'stopAll').mockRejectedValue(new Error('a defect'))
  browser.send({ type: 'command', id: 1, line: 'exit', by: 'page' })
  const error = 'this is a bug in Rumorscope, please report it: a defect'
  expect(await browser.next('reply')).toEqual({ type: 'reply', id: 1, ok: false, error })
  const [, file = ''] = /^this is a bug .*: a defect\. Details are in (.*)\n$/.exec(`${told.mock.calls[0]?.[0]}`) ?? []
  expect(readFileSync(file, 'utf8')).toMatch(/Error: a defect\n +at /)
  rmSync(dirname(file), { recursive: true })
})

describe('the lab refuses', () => {
  test('a message that is not UTF-8, also with half of a surrogate pair, by closing the connection', async () => {
    const { app } = await appOf()
    const browser = await browserOf(app)
    browser.send('{"type":"command","id":1,"by":"page","line":"0 msg 1 \\udcff"}')
    expect(await browser.next('reply')).toMatchObject({ ok: false, error: expect.stringMatching(/not valid Unicode/) })
    browser.socket.send(Buffer.from('{"type":"command","id":1,"by":"page","line":"0 msg 1 \xff"}', 'latin1'), {
      binary: false,
    })
    expect(await browser.closed).toBe(1007)
  })

  test('a message that is too large, by closing the connection', async () => {
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

  test('one client too many', async () => {
    const { app } = await appOf()
    const browsers = await Promise.all(Array.from({ length: MAX_SESSIONS }, () => browserOf(app)))
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

test('the lab says so when it ends', async () => {
  const { app } = await appOf()
  const browser = await browserOf(app)
  browser.join()
  await browser.next('snapshot')
  await app.close()
  expect(await browser.closed).toBe(1001)
})
