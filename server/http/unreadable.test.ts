import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { appOf } from '../test-support/app.ts'

/** Returns the lab's answer to these bytes, until the lab closes the connection. */
async function answerTo(bytes: string) {
  const { app } = await appOf()
  const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  const socket = connect(Number(port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  socket.write(bytes)
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n')
  return { status: Number(head.split(' ')[1]), length: /content-length: (\d+)/i.exec(head)?.[1], body }
}

const request = (headers: string) => `GET /api/health HTTP/1.1\r\n${headers}\r\n`

test.each([
  ['what is no HTTP', 'hello\r\n\r\n', 400, /^this is not an HTTP\/1\.1 request: open .*http:/],
  ['what begins as TLS does', '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n', 400, /^this is not an HTTP\/1\.1 request/],
  ['headers that are too large', request(`X: ${'x'.repeat(20_000)}\r\n`), 431, /^the headers .* are too large: send /],
  [
    'a request without a host',
    request('Connection: close\r\n'),
    403,
    /^the request does not say .*: add a Host header/,
  ],
])('%s is refused in a sentence that says what to do', async (_, bytes, status, why) => {
  const answer = await answerTo(bytes)
  expect(JSON.parse(answer.body)).toEqual({ ok: false, error: expect.stringMatching(why) })
  expect(answer).toMatchObject({ status, length: `${Buffer.byteLength(answer.body)}` })
})

test('a request that does not arrive in time is answered with the time limit', async () => {
  const { app } = await appOf()
  const late = Object.assign(new Error('timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
  // Node checks twice a minute.
  app.server.once('connection', (socket) => app.server.emit('clientError', late, socket))
  const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  const answer = await text(connect(Number(port), '127.0.0.1'))
  expect(answer).toMatch(
    /^HTTP\/1\.1 408 .*"error":"the request did not arrive in time: send the headers within 10 s, /s,
  )
})
