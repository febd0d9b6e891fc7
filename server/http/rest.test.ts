import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { InjectOptions } from 'fastify'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { MAX_LINE_BYTES } from '../../shared/language/command.ts'
import { buildApp } from '../app.ts'
import { appOf } from '../test-support/app.ts'
import { labOf } from '../test-support/lab.ts'
import { MAX_BODY_BYTES } from './unreadable.ts'

const HOST = { host: '127.0.0.1:5450' }
const command = (payload: InjectOptions['payload'], headers = {}): InjectOptions => ({
  method: 'POST',
  url: '/api/commands',
  headers: { ...HOST, 'content-type': 'application/json', ...headers },
  ...(payload === undefined ? {} : { payload }),
})

describe('the interfaces', () => {
  test('GET /api/health identifies the lab', async () => {
    const { app, lab } = await appOf(3)
    const { statusCode, body } = await app.inject({ url: '/api/health', headers: HOST })
    expect([statusCode, JSON.parse(body)]).toEqual([200, { ok: true, lab: lab.id, nodes: 3 }])
  })

  test('GET /api/state is the state after all earlier commands', async () => {
    const { app, lab } = await appOf(2)
    await app.inject(command({ line: 'delay 5' }))
    const { body } = await app.inject({ url: '/api/state', headers: HOST })
    expect(JSON.parse(body)).toEqual(lab.sequencer.state)
    expect(lab.sequencer.state.settings?.linkDelayMs).toBe(5)
    expect(lab.sequencer.state.commands).toMatchObject([{ by: 'rest', line: 'delay 5' }])
  })

  test('POST /api/commands answers with the output of the proxy', async () => {
    const { app } = await appOf()
    const { statusCode, body } = await app.inject(command({ line: 'help' }))
    expect(statusCode).toBe(200)
    expect(JSON.parse(body)).toEqual({
      ok: true,
      output: expect.arrayContaining([expect.stringMatching(/^Nodes .*<id> msg, <id> get/)]),
    })
  })

  test('an invalid command is 400 with the column, one that fails is 409', async () => {
    const { app } = await appOf()
    const unread = await app.inject(command({ line: '0 dance' }))
    expect([unread.statusCode, JSON.parse(unread.body)]).toEqual([
      400,
      { ok: false, column: 3, error: expect.stringContaining('column 3') },
    ])
    const undone = await app.inject(command({ line: '0 get chatLog' }))
    expect([undone.statusCode, JSON.parse(undone.body)]).toEqual([
      409,
      { ok: false, error: expect.stringContaining('node 0 is not running; start it with: 0 start 1') },
    ])
  })
})

test('an internal error is reported without its details, which the terminal has', async () => {
  const { app, lab } = await appOf()
  vi.spyOn(lab.sequencer, 'flushed').mockRejectedValue(new Error("EACCES: open '/home/teacher/secret'"))
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  onTestFinished(() => void vi.restoreAllMocks())
  const { statusCode, body } = await app.inject({ url: '/api/state', headers: HOST })
  const error = 'this is a bug in Rumorscope; its terminal shows more'
  expect([statusCode, JSON.parse(body)]).toEqual([500, { ok: false, error }])
})

describe('the lab refuses', () => {
  test.each([
    ['another host', { host: 'evil.example' }],
    ['another host that begins well', { host: '127.0.0.1.evil.example:5450' }],
    ['a page from elsewhere', { ...HOST, origin: 'http://evil.example' }],
    ['a page from another port', { ...HOST, origin: 'http://127.0.0.1:8080' }],
    ['a page over another protocol', { ...HOST, origin: 'https://127.0.0.1:5450' }],
    ['a page from nowhere', { ...HOST, origin: 'null' }],
  ])('%s, whatever it asks for', async (_, headers) => {
    const { app } = await appOf()
    for (const request of [{ url: '/api/health' }, { url: '/nowhere' }, command({ line: 'help' })] as InjectOptions[]) {
      const { statusCode, body } = await app.inject({ ...request, headers: { ...request.headers, ...headers } })
      expect([statusCode, JSON.parse(body)]).toEqual([403, { ok: false, error: expect.any(String) }])
    }
  })

  test.each([
    ['JSON that is none', '{"line": ', 400],
    ['no body', undefined, 400],
    ['a body without a line', {}, 400],
    ['a line that is no text', { line: 5 }, 400],
    ['a field too many', { line: 'help', shell: 'rm -rf /' }, 400],
    ['__proto__', '{"line": "help", "__proto__": {"a": 1}}', 400],
    ['a line that is too long', { line: 'x'.repeat(MAX_LINE_BYTES + 1) }, 400],
    ['a body that is not UTF-8', Buffer.from('{"line":"0 msg 1 gr\xfc\xdfe"}', 'latin1'), 400],
    ['a body that is too large', { line: 'x'.repeat(MAX_BODY_BYTES) }, 413],
  ])('%s, with the reason', async (_, payload, status) => {
    const { app } = await appOf()
    const { statusCode, body } = await app.inject(command(payload))
    const error =
      status === 400
        ? /^the body is not \{"line": "<command>"\}, as in .*: ./
        : /^the body is larger than 65536 bytes: /
    expect([statusCode, JSON.parse(body)]).toEqual([status, { ok: false, error: expect.stringMatching(error) }])
  })

  test('an invalid key, with the required form', async () => {
    const { app } = await appOf()
    const { statusCode, body } = await app.inject({ ...command({ line: 'help' }), url: '/api/session' })
    expect([statusCode, JSON.parse(body).error]).toEqual([
      400,
      expect.stringMatching(/^the body is not {"key": "<key>"}: /),
    ])
  })

  test('a form, which any page could send without asking', async () => {
    const { app } = await appOf()
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      const { statusCode, body } = await app.inject(command('{"line": "help"}', { 'content-type': type }))
      expect([statusCode, JSON.parse(body).error]).toEqual([415, expect.stringMatching(/application\/json$/)])
    }
  })

  test.each(['/%zz', '/api/%ff', '/api/health%'])('the address %s, which cannot be parsed', async (url) => {
    const { app } = await appOf()
    const { statusCode, body } = await app.inject({ url, headers: HOST })
    const error = `'${url}' is not a valid address: write % as %25`
    expect([statusCode, JSON.parse(body)]).toEqual([400, { ok: false, error }])
  })

  test('the address of WebSockets without an upgrade, with an alternative', async () => {
    const { app } = await appOf()
    const { statusCode, body, headers } = await app.inject({ url: '/api/ws', headers: HOST })
    const error = 'this address is for WebSockets; scripts use /api/state and /api/commands'
    expect([statusCode, JSON.parse(body), headers.upgrade]).toEqual([426, { ok: false, error }, 'websocket'])
  })

  test('a missing route, by name', async () => {
    const { app } = await appOf()
    const { statusCode, body } = await app.inject({ url: '/api/nothing', headers: HOST })
    expect([statusCode, JSON.parse(body)]).toEqual([404, { ok: false, error: 'there is nothing at GET /api/nothing' }])
  })
})

test.each(['localhost:5450', 'LOCALHOST', '127.0.0.1', '[::1]:5450'])('%s is this machine', async (host) => {
  const { app } = await appOf()
  const headers = { host, origin: `http://${host}` }
  expect((await app.inject({ url: '/api/health', headers })).statusCode).toBe(200)
})

test('the page comes with a policy that lets it load only its own files, and nothing above it is served', async () => {
  const { lab, runtime } = await labOf(1)
  const page = join(runtime, 'web')
  mkdirSync(page)
  writeFileSync(join(page, 'index.html'), '<title>Rumorscope</title>')
  writeFileSync(join(runtime, 'secret'), 'secret')
  const app = await buildApp({ lab, page })
  onTestFinished(() => app.close())
  const { statusCode, body, headers } = await app.inject({ url: '/', headers: HOST })
  expect([statusCode, body]).toEqual([200, '<title>Rumorscope</title>'])
  for (const rule of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'none'"])
    expect(headers['content-security-policy']).toContain(rule)
  expect(headers['content-security-policy']).not.toContain('unsafe')
  expect(headers['x-content-type-options']).toBe('nosniff')
  for (const url of ['/../secret', '/%2e%2e/secret', '/..%2fsecret']) {
    const refused = await app.inject({ url, headers: HOST })
    expect(refused.statusCode).toBeGreaterThanOrEqual(400)
    expect(JSON.parse(refused.body).error).toMatch(/^(there is nothing at GET |only files of the page are served$)/)
  }
})
