import { once } from 'node:events'
import { Agent, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { appOf } from '../test-support/app.ts'

/** The headers of the first request of Java's HttpClient. */
const OFFER = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQAAP__' }

/** A lab that listens, and requests to it with that offer. */
async function labWithOffers() {
  const { app } = await appOf()
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  return async (path: string, body?: string, headers: OutgoingHttpHeaders = {}) => {
    const json = body === undefined ? {} : { 'content-type': 'application/json' }
    const asked = request(url + path, {
      agent,
      method: body ? 'POST' : 'GET',
      headers: { ...OFFER, ...json, ...headers },
    })
    const [answer] = (await once(asked.end(body), 'response')) as [IncomingMessage]
    return { status: answer.statusCode, body: JSON.parse(await text(answer)), reused: asked.reusedSocket }
  }
}

test('a request that offers HTTP/2 is answered in HTTP/1.1, with its body, and the connection continues', async () => {
  const ask = await labWithOffers()
  expect(await ask('/api/health')).toMatchObject({ status: 200, body: { ok: true } })
  const long = `0 msg 1 ${'x'.repeat(3_000)}`
  for (const line of ['help', 'delay 5'])
    expect(await ask('/api/commands', JSON.stringify({ line }))).toMatchObject({ status: 200, body: { ok: true } })
  expect(await ask('/api/commands', JSON.stringify({ line: long }), { 'transfer-encoding': 'chunked' })).toMatchObject({
    status: 409,
    reused: true,
  })
})

test('an offer gives no access: a request through a forwarder, or by another name, is refused as without', async () => {
  const ask = await labWithOffers()
  const help = JSON.stringify({ line: 'help' })
  expect((await ask('/api/commands', help, { 'x-forwarded-for': '203.0.113.9' })).body.error).toMatch(/watching/)
  expect((await ask('/api/health', undefined, { host: 'evil.example' })).status).toBe(403)
})
