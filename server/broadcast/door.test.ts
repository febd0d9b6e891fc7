/**
 * Tests who is admitted, and in which role: by Host, Origin, signs of a forwarder, remote address and key, over REST
 * and WebSocket. Each line is one kind of visit to three labs without the key; with the key every admitted visitor is
 * the presenter, and a refused one stays refused.
 */
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { ServerMessage } from '../../shared/wire/protocol.ts'
import { PROTOCOL_VERSION } from '../../shared/wire/version.ts'
import { buildApp } from '../app.ts'
import { accessFor } from '../http/access.ts'
import { appOf, type Browser, browserOf } from '../test-support/app.ts'
import { labOf } from '../test-support/lab.ts'
import { rawBrowserOf } from '../test-support/raw-browser.ts'

const NAME = 'x.example'
const LOOPBACK = '127.0.0.1'
const HERE = { host: '127.0.0.1:5450' }
const AWAY = '192.168.1.9'
const THROUGH = { 'x-forwarded-for': '203.0.113.9' }

/** The cookie's name contains the port of the request. */
const COOKIES = [
  'rumorscope-5450',
  'rumorscope-80',
  '__Secure-rumorscope-80',
  '__Secure-rumorscope-8443',
  'rumorscope-443',
]

type Row = [visitor: string, headers: Record<string, string>, outcomes: string, from?: string]

/** P: presenter, V: viewer, -: refused. The lab is on loopback; has a name there; is a classroom (--host 0.0.0.0). */
const ROWS: readonly Row[] = [
  ['a script on this machine', HERE, 'PVV'],
  ['by localhost', { host: 'localhost:5450' }, 'PVV'],
  ['in capitals', { host: 'LOCALHOST:5450' }, 'PVV'],
  ['with the dot that ends a name', { host: 'localhost.:5450' }, 'PVV'],
  ['over IPv6', { host: '[::1]:5450' }, 'PVV', '::1'],
  ['over IPv4 in IPv6', HERE, 'PVV', '::ffff:127.0.0.1'],
  ['by another address of loopback', { host: '127.0.0.5:5450' }, 'PVV', '127.0.0.5'],
  ['from elsewhere', HERE, 'VVV', AWAY],
  ['from nobody knows where', HERE, 'VVV', '127.evil'],
  ['from a link-local address', HERE, 'VVV', 'fe80::1%lo'],
  ['the page', { ...HERE, origin: 'http://127.0.0.1:5450' }, 'PVV'],
  ['the page, from elsewhere', { ...HERE, origin: 'http://127.0.0.1:5450' }, 'VVV', AWAY],
  ['the page on the usual port, which goes without saying', { host: '127.0.0.1', origin: 'http://127.0.0.1' }, 'PVV'],
  ['the page on the usual port, said on one side', { host: '127.0.0.1:80', origin: 'http://127.0.0.1' }, 'PVV'],

  ['a page without an origin', { ...HERE, origin: 'null' }, '---'],
  ['a page of two origins', { ...HERE, origin: 'http://127.0.0.1:5450, http://evil.example' }, '---'],
  ['a page of elsewhere', { ...HERE, origin: 'http://evil.example' }, '---'],
  ['a page of elsewhere, from elsewhere', { ...HERE, origin: 'http://evil.example' }, '---', AWAY],
  ['a page of another port', { ...HERE, origin: 'http://127.0.0.1:8080' }, '---'],
  ['a page of another scheme', { ...HERE, origin: 'https://127.0.0.1:5450' }, '---'],
  ['a page of an extension', { ...HERE, origin: 'chrome-extension://abcdef' }, '---'],
  ['a page with a user in its origin', { ...HERE, origin: 'http://127.0.0.1:5450@evil.example' }, '---'],
  ['a name made to resolve here', { host: 'evil.example:5450', origin: 'http://evil.example:5450' }, '---'],
  ['one that begins well', { host: '127.0.0.1.evil.example' }, '---'],
  ['one that ends well', { host: `evil.${NAME}` }, '---'],
  ['one with a user', { host: '127.0.0.1@evil.example' }, '---'],
  ['the address of no machine', { host: '0.0.0.0:5450' }, '---'],
  ['no name at all', { host: ':5450' }, '---'],

  ['the given name', { host: `${NAME}:5450` }, '-VV'],
  ['the given name, in capitals and with its dot', { host: 'X.EXAMPLE.' }, '-VV'],
  ['its page', { host: `${NAME}:5450`, origin: `http://${NAME}:5450` }, '-VV'],
  ['its page over HTTPS', { host: NAME, origin: `https://${NAME}` }, '-VV'],
  ['its page over HTTPS, with the port', { host: `${NAME}:443`, origin: `https://${NAME}` }, '-VV'],
  ['its page over HTTPS on a port', { host: `${NAME}:8443`, origin: `https://${NAME}:8443` }, '-VV'],
  ['a page of another of its ports', { host: `${NAME}:5450`, origin: `http://${NAME}` }, '---'],
  ['a page of another of its ports, over HTTPS', { host: `${NAME}:8443`, origin: `https://${NAME}` }, '---'],
  ['another page to it', { host: NAME, origin: 'https://evil.example' }, '---'],

  ['a script through a forwarder', { ...HERE, ...THROUGH }, 'VVV'],
  ['a script through one that says who forwards', { ...HERE, via: '1.1 proxy' }, 'VVV'],
  ['a script through one of RFC 7239', { ...HERE, forwarded: 'for=203.0.113.9;proto=https' }, 'VVV'],
  ['the page through one that rewrites Origin', { ...HERE, ...THROUGH, origin: 'http://127.0.0.1:5450' }, 'VVV'],
  ['the page through one that rewrites Host', { ...HERE, ...THROUGH, origin: `https://${NAME}` }, '-VV'],
  ['the same, which says nothing', { ...HERE, origin: `https://${NAME}` }, '-VV'],
  ['the same, without HTTPS', { ...HERE, origin: `http://${NAME}` }, '-VV'],
  ['the same, by a port that was not given', { ...HERE, origin: `https://${NAME}:8443` }, '---'],
  ['the same, by a name that was not given', { ...HERE, ...THROUGH, origin: 'https://abc.app.github.dev' }, '---'],
  ['a forwarder for the given name', { ...HERE, 'x-forwarded-host': NAME }, '-VV'],
  ['a forwarder for another name', { ...HERE, 'x-forwarded-host': 'evil.example' }, '---'],
  ['a forwarder for several, one of them another', { ...HERE, 'x-forwarded-host': `${NAME}, evil.example` }, '---'],
  ['a forwarder that says it is this machine', { ...HERE, 'x-forwarded-host': 'localhost:5450' }, 'VVV'],
  ['a forwarder that says it is this machine twice', { ...HERE, 'x-forwarded-for': '127.0.0.1, 127.0.0.1' }, 'VVV'],
  ['a forwarder for another name, by RFC 7239', { ...HERE, forwarded: 'host="evil.example"' }, '---'],
  ['a forwarded page of another site', { ...HERE, ...THROUGH, 'sec-fetch-site': 'cross-site' }, '---'],
]

const LABS = {
  'on loopback': ['127.0.0.1', []],
  'with a name': ['127.0.0.1', [NAME]],
  'in class': ['0.0.0.0', [NAME]],
} as const

test.each(Object.entries(LABS))(
  'a lab %s admits each visitor in the right role, with the key and without',
  async (name, door) => {
    const [host, names] = door
    const place = Object.keys(LABS).indexOf(name)
    const access = accessFor(host, names)
    const { lab } = await labOf(1)
    const app = await buildApp({ lab, host, names, access })
    onTestFinished(() => app.close())
    await app.ready()

    const proofs = {
      'without the key': {},
      'with another': {
        authorization: 'Bearer guessed',
        cookie: COOKIES.map((cookie) => `${cookie}=guessed`).join('; '),
      },
      'with the key': { authorization: `Bearer ${access.key}` },
      'with the cookie': { cookie: COOKIES.map((cookie) => `${cookie}=${access.key}`).join('; ') },
    }
    const found: Record<string, string> = {}
    const expected: Record<string, string> = {}
    for (const [visitor, visit, outcomes, from = LOOPBACK] of ROWS) {
      for (const [how, proof] of Object.entries(proofs)) {
        const headers = { ...visit, ...proof }
        const outcome = outcomes[place] ?? ''
        const said = { rest: await overRest(app, headers, from), socket: await overWebSocket(app, headers, from) }
        found[`${visitor} ${how}`] = said.rest === said.socket ? said.rest : JSON.stringify(said)
        expected[`${visitor} ${how}`] = how.startsWith('with the') && outcome !== '-' ? 'P' : outcome
      }
    }
    expect(found).toEqual(expected)
  },
)

test('a page on this machine keeps acting without a key while others come through a forwarder, which is reported once', async () => {
  const onForwarded = vi.fn()
  const { app, access } = await appOf(1, { onForwarded })
  const act = async (page: Browser, id: number) => {
    page.send({ type: 'command', id, line: 'help', by: 'page' })
    return (await page.next('reply')).ok
  }
  const page = await browserOf(app)
  expect(await act(page, 1)).toBe(true)
  await app.inject({ url: '/', headers: { ...HERE, 'x-forwarded-host': 'evil.example' } })
  expect(onForwarded).not.toHaveBeenCalled()
  const forwarded = [await browserOf(app, THROUGH), await browserOf(app, THROUGH)]
  expect(onForwarded).toHaveBeenCalledTimes(1)
  for (const other of forwarded) expect(await act(other, 1)).toBe(false)
  expect(await act(page, 2)).toBe(true)
  // Also after it has lost its connection and comes back.
  expect(await act(await browserOf(app), 1)).toBe(true)
  expect(await act(await browserOf(app, { ...THROUGH, authorization: `Bearer ${access.key}` }), 1)).toBe(true)
})

/** More than the default of 1000 headers that Node keeps of a request. */
const MANY_HEADERS = Array.from({ length: 1_500 }, (_, number) => [`a${number.toString(36)}`, '1'] as const)

test.each([
  ['what nobody forwarded', [], ['200', 'presenter']],
  ['a forwarder’s X-Forwarded-For', [['X-Forwarded-For', '203.0.113.9']], ['403', 'viewer']],
  ['a forwarder’s Via', [['Via', '1.1 proxy']], ['403', 'viewer']],
] as const)('behind a thousand headers %s is detected', async (_, appended, outcome) => {
  const { app } = await appOf()
  const address = new URL(await app.listen({ host: LOOPBACK, port: 0 }))
  const headers = [...MANY_HEADERS, ...appended]
  const asked = request(new URL('/api/commands', address), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': 16, ...Object.fromEntries(headers) },
  })
  const [answer]: IncomingMessage[] = await once(asked.end('{"line": "help"}'), 'response')
  answer?.resume()
  const browser = await rawBrowserOf(
    address,
    headers.map((header) => header.join(': ')),
  )
  browser.send({ type: 'join', version: PROTOCOL_VERSION })
  let snapshot: ServerMessage | undefined
  await browser.readUntil((message) => {
    if (message.type === 'snapshot') snapshot = message
    return message.type === 'snapshot'
  })
  expect([`${answer?.statusCode}`, snapshot?.type === 'snapshot' && snapshot.role]).toEqual(outcome)
})

/** Uses a command, which only the presenter may give. */
async function overRest(app: FastifyInstance, headers: Record<string, string>, remoteAddress: string) {
  const request = { method: 'POST', url: '/api/commands', payload: { line: 'help' }, headers, remoteAddress } as const
  const { statusCode, body } = await app.inject(request)
  if (statusCode === 200) return 'P'
  return statusCode === 403 && body.includes('you are watching') ? 'V' : '-'
}

async function overWebSocket(app: FastifyInstance, headers: Record<string, string>, remoteAddress: string) {
  const browser = await browserOf(app, headers, remoteAddress).catch((error: Error) => error.message)
  if (typeof browser === 'string') return browser.endsWith('403') ? '-' : browser
  browser.join()
  const { role } = await browser.next('snapshot')
  browser.socket.terminate()
  return role === 'presenter' ? 'P' : 'V'
}
