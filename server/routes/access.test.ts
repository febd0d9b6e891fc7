import { expect, test } from 'vitest'
import { EVERYBODY_ACTS, KeyedAccess } from './access.ts'

const HOST = '192.168.1.20:5450'

/** As a browser sends it back. */
const cookieOf = (setCookie: string | undefined): string => setCookie?.split(';')[0] ?? ''

test('on loopback whoever gets in acts', () => {
  expect(EVERYBODY_ACTS.roleOf({})).toBe('presenter')
})

test('the key as a bearer makes a presenter; nothing, another one and a part of it do not', () => {
  const access = new KeyedAccess()
  const { key } = access
  expect(key).toMatch(/^[\w-]{43}$/)
  expect(access.roleOf({ authorization: `Bearer ${key}` })).toBe('presenter')
  const wrong = [undefined, '', 'Bearer', 'Bearer ', `Basic ${key}`, `Bearer ${key.slice(1)}`, `Bearer ${key}x`, key]
  for (const authorization of [...wrong, `Bearer ${new KeyedAccess().key}`])
    expect(access.roleOf(authorization === undefined ? {} : { authorization }), authorization).toBe('viewer')
})

test('the key is exchanged for a cookie that scripts cannot read and other sites cannot send', () => {
  const access = new KeyedAccess()
  const cookie = access.enter(access.key, { host: HOST })
  expect(cookie).toMatch(/^rumorscope-5450=[\w-]{43}; Path=\/api; HttpOnly; SameSite=Strict$/)
  expect(access.roleOf({ host: HOST, cookie: `theme=dark; ${cookieOf(cookie)}` })).toBe('presenter')
  expect(access.enter('guessed', { host: HOST })).toBeUndefined()
  expect(access.roleOf({ host: HOST, cookie: 'rumorscope-5450=guessed' })).toBe('viewer')
})

test('the cookie of a lab on another port is not taken for this one’s', () => {
  const access = new KeyedAccess()
  const cookie = cookieOf(access.enter(access.key, { host: '127.0.0.1:5451' }))
  expect(access.roleOf({ host: '127.0.0.1:5450', cookie })).toBe('viewer')
})

test('a ticket opens the door once, and not when it is old', () => {
  let time = 0
  const access = new KeyedAccess(() => time)
  const [first, second] = [access.ticket(), access.ticket()]
  expect(first).not.toContain(access.key)
  expect(access.enter(first, { host: HOST })).toContain(access.key)
  expect(access.enter(first, { host: HOST })).toBeUndefined()
  time = 120_000
  expect(access.enter(second, { host: HOST })).toBeUndefined()
})

test('a ticket is no key', () => {
  const access = new KeyedAccess()
  expect(access.roleOf({ authorization: `Bearer ${access.ticket()}` })).toBe('viewer')
})
