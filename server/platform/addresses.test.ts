import { hostname } from 'node:os'
import { describe, expect, test } from 'vitest'
import { addressesOf, hostCheck, type Interfaces, inUrl, isOwnName } from './addresses.ts'

const face = (address: string, internal = false) =>
  ({ address, family: address.includes(':') ? 'IPv6' : 'IPv4', internal }) as NonNullable<Interfaces[string]>[number]

const LAPTOP: Interfaces = {
  lo: [face('127.0.0.1', true), face('::1', true)],
  docker0: [face('172.17.0.1')],
  wlan0: [face('192.168.1.20'), face('2001:db8::20'), face('fe80::20')],
}

describe('the addresses for viewers', () => {
  test('are those of all interfaces, virtual ones last', () => {
    expect(addressesOf('0.0.0.0', LAPTOP)).toEqual(['192.168.1.20', '172.17.0.1'])
  })

  test('include IPv6 addresses if it listens on those, but none that needs a zone', () => {
    expect(addressesOf('::', LAPTOP)).toEqual(['192.168.1.20', '2001:db8::20', '172.17.0.1'])
  })

  test('are the chosen one', () => {
    expect(addressesOf('192.168.1.20', LAPTOP)).toEqual(['192.168.1.20'])
  })

  test.each(['127.0.0.1', '127.8.0.1', '::1'])('are none if it listens on %s', (host) => {
    expect(addressesOf(host, LAPTOP)).toEqual([])
  })
})

test.each(['localhost', 'lab.localhost', '127.0.0.5', '[::1]'])('%s is a name of every machine', (name) => {
  expect(isOwnName(name)).toBe(true)
  expect(isOwnName(`${name}.example`)).toBe(false)
})

describe('a Host header', () => {
  test('may name loopback only, if no other machine has access', () => {
    const isOurs = hostCheck('127.0.0.1')
    expect(['127.0.0.1', 'localhost', '[::1]'].filter(isOurs)).toHaveLength(3)
    expect([hostname().toLowerCase(), ...addressesOf('0.0.0.0').map(inUrl), 'evil.example'].filter(isOurs)).toEqual([])
  })

  test('may name the names and addresses of this machine, in a classroom, and nothing else', () => {
    const isOurs = hostCheck('0.0.0.0', ['class.example.org'])
    const own = [hostname().toLowerCase(), 'class.example.org', 'localhost', ...addressesOf('0.0.0.0')]
    expect(own.filter(isOurs)).toEqual(own)
    expect(['evil.example', 'x.class.example.org', '8.8.8.8', ''].filter(isOurs)).toEqual([])
  })

  test('may name an IPv6 address in the form of a URL', () => {
    expect(hostCheck('2001:db8::20')('[2001:db8::20]')).toBe(true)
    expect(hostCheck('2001:db8::20')('2001:db8::20')).toBe(false)
  })
})
