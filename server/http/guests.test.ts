import { EventEmitter } from 'node:events'
import type { Server } from 'node:http'
import { expect, test } from 'vitest'
import { limitGuests } from './guests.ts'

/** A server that the test plays: connections from addresses, and whether they were accepted. */
function play(max: number) {
  const server = new EventEmitter()
  limitGuests(server as Server, max)
  const connect = (remoteAddress: string) => {
    const socket = Object.assign(new EventEmitter(), { remoteAddress, destroyed: false, destroy: () => {} })
    socket.destroy = () => {
      socket.destroyed = true
      socket.emit('close')
    }
    server.emit('connection', socket)
    return socket
  }
  /** Data arrives on the connection. */
  const ask = (socket: object, headers: object, event = 'request') =>
    server.emit(event, { headers, httpVersion: '1.1', socket })
  return { connect, ask }
}

test('connections from other machines are accepted up to a bound, those of this one always', () => {
  const { connect } = play(2)
  const guests = ['192.0.2.7', '::ffff:192.0.2.8', '2001:db8::1'].map(connect)
  expect(guests.map(({ destroyed }) => destroyed)).toEqual([false, false, true])
  const own = ['127.0.0.1', '::1', '::ffff:127.0.0.1'].map(connect)
  expect(own.map(({ destroyed }) => destroyed)).toEqual([false, false, false])
})

test('a guest that leaves makes room for the next', () => {
  const { connect } = play(1)
  connect('192.0.2.7').destroy()
  expect(connect('192.0.2.8').destroyed).toBe(false)
  expect(connect('192.0.2.9').destroyed).toBe(true)
  expect(connect('192.0.2.9').destroyed).toBe(true)
})

test('a connection from this machine counts as a guest’s once a forwarded request comes over it', () => {
  const { connect, ask } = play(2)
  const [plain, first, second, third] = [1, 2, 3, 4].map(() => connect('127.0.0.1'))
  if (!plain || !first || !second || !third) throw new Error('four connections')
  ask(plain, { host: 'localhost' })
  for (const _ of [1, 2]) ask(first, { 'x-forwarded-for': '203.0.113.9' })
  ask(second, { via: '1.1 proxy' }, 'upgrade')
  ask(third, { forwarded: 'for=203.0.113.9' })
  expect([plain, first, second, third].map(({ destroyed }) => destroyed)).toEqual([false, false, false, true])
})
