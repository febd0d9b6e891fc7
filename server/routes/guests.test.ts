import { EventEmitter } from 'node:events'
import type { Server } from 'node:net'
import { expect, test } from 'vitest'
import { limitGuests } from './guests.ts'

/** A server that the test plays: connections from addresses, and whether they were let in. */
function play(max: number) {
  const server = new EventEmitter()
  limitGuests(server as Server, max)
  return (remoteAddress: string) => {
    const socket = Object.assign(new EventEmitter(), { remoteAddress, destroyed: false, destroy: () => {} })
    socket.destroy = () => {
      socket.destroyed = true
      socket.emit('close')
    }
    server.emit('connection', socket)
    return socket
  }
}

test('connections from other machines are let in up to a bound, those of this one always', () => {
  const connect = play(2)
  const guests = ['192.0.2.7', '::ffff:192.0.2.8', '2001:db8::1'].map(connect)
  expect(guests.map(({ destroyed }) => destroyed)).toEqual([false, false, true])
  const own = ['127.0.0.1', '::1', '::ffff:127.0.0.1'].map(connect)
  expect(own.map(({ destroyed }) => destroyed)).toEqual([false, false, false])
})

test('a guest that leaves makes room for the next', () => {
  const connect = play(1)
  connect('192.0.2.7').destroy()
  expect(connect('192.0.2.8').destroyed).toBe(false)
  expect(connect('192.0.2.9').destroyed).toBe(true)
  expect(connect('192.0.2.9').destroyed).toBe(true)
})
