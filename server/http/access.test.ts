import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { Access, accessFor } from './access.ts'
import type { Visit } from './forwarded.ts'

const HOST = '192.168.1.20:5450'

/** The cookie as a browser sends it back. */
const cookieOf = (setCookie: string | undefined): string => setCookie?.split(';')[0] ?? ''

const keyed = (clock?: () => number) => new Access({ needsKey: true, ...(clock && { clock }) })
const visit = (headers: IncomingHttpHeaders): Visit => ({
  headers,
  httpVersion: '1.1',
  socket: { remoteAddress: '127.0.0.1' } as Socket,
})

test.each([
  ['127.0.0.1', [], 'presenter'],
  ['127.0.0.5', [], 'presenter'],
  ['::1', [], 'presenter'],
  ['127.0.0.1', ['class.example'], 'viewer'],
  ['0.0.0.0', [], 'viewer'],
  ['192.168.1.20', [], 'viewer'],
])('on %s, with the names %j, a client of this machine without a key is a %s', (host, names, role) => {
  expect(accessFor(host, names).roleOf(visit({}))).toBe(role)
})

test('the key as a bearer makes a presenter; no key, another one and a part of it do not', () => {
  const access = keyed()
  const { key } = access
  expect(key).toMatch(/^[\w-]{43}$/)
  expect(access.roleOf(visit({ authorization: `Bearer ${key}` }))).toBe('presenter')
  const wrong = [undefined, '', 'Bearer', 'Bearer ', `Basic ${key}`, `Bearer ${key.slice(1)}`, `Bearer ${key}x`, key]
  for (const authorization of [...wrong, `Bearer ${keyed().key}`])
    expect(access.roleOf(visit(authorization === undefined ? {} : { authorization })), authorization).toBe('viewer')
})

test('the key is exchanged for a cookie that scripts cannot read and other sites cannot send', () => {
  const access = keyed()
  const cookie = access.enter(access.key, { host: HOST })
  expect(cookie).toMatch(/^rumorscope-5450=[\w-]{43}; Path=\/api; HttpOnly; SameSite=Strict$/)
  expect(access.roleOf(visit({ host: HOST, cookie: `theme=dark; ${cookieOf(cookie)}` }))).toBe('presenter')
  expect(access.enter('guessed', { host: HOST })).toBeUndefined()
  expect(access.roleOf(visit({ host: HOST, cookie: 'rumorscope-5450=guessed' }))).toBe('viewer')
})

test('over HTTPS the cookie is for HTTPS alone, under a name that no page of HTTP can set', () => {
  const access = keyed()
  const enter = (headers: IncomingHttpHeaders) => access.enter(access.key, { host: 'class.example', ...headers })
  const secure = /^__Secure-rumorscope-80=[\w-]{43}; Path=\/api; HttpOnly; SameSite=Strict; Secure$/
  for (const headers of [
    { origin: 'https://class.example' },
    { 'x-forwarded-proto': 'https' },
    { 'x-forwarded-proto': 'https, http' },
    { forwarded: 'for=192.0.2.7;proto=https' },
  ]) {
    const cookie = enter(headers)
    expect(cookie, JSON.stringify(headers)).toMatch(secure)
    expect(access.roleOf(visit({ host: 'class.example', cookie: cookieOf(cookie) }))).toBe('presenter')
  }
  // A browser would not accept it there.
  for (const headers of [{}, { origin: 'http://class.example', 'x-forwarded-proto': 'https' }])
    expect(enter(headers), JSON.stringify(headers)).toMatch(/^rumorscope-80=.*SameSite=Strict$/)
})

test('another cookie of the same name, set from elsewhere on this host, does not hide the right one', () => {
  const access = keyed()
  const cookie = `rumorscope-5450=planted; ${cookieOf(access.enter(access.key, { host: HOST }))}; rumorscope-5450=`
  expect(access.roleOf(visit({ host: HOST, cookie }))).toBe('presenter')
})

test('the cookie of a lab on another port is not accepted', () => {
  const access = keyed()
  const cookie = cookieOf(access.enter(access.key, { host: '127.0.0.1:5451' }))
  expect(access.roleOf(visit({ host: '127.0.0.1:5450', cookie }))).toBe('viewer')
})

test('a ticket is valid once, and not when it is old', () => {
  let time = 0
  const access = keyed(() => time)
  const [first, second] = [access.ticket(), access.ticket()]
  expect(first).not.toContain(access.key)
  expect(access.enter(first, { host: HOST })).toContain(access.key)
  expect(access.enter(first, { host: HOST })).toBeUndefined()
  time = 120_000
  expect(access.enter(second, { host: HOST })).toBeUndefined()
})

test('a ticket is no key', () => {
  const access = keyed()
  expect(access.roleOf(visit({ authorization: `Bearer ${access.ticket()}` }))).toBe('viewer')
})
