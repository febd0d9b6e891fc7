import { expect, test, vi } from 'vitest'
import { NO_SOCKETS, VirtualMachine } from '../sim/virtual-machine.ts'
import { GRACE_AT_MOST_MS, GRACE_BEAT_MS, GRACE_QUIET_BEATS, Grace } from './grace.ts'

function begin() {
  const links = {
    inTheAir: 0,
    receives: true,
    stopReceiving() {
      this.receives = false
    },
  }
  const onOver = vi.fn()
  const machine = new VirtualMachine(NO_SOCKETS)
  const grace = new Grace(links, machine, onOver)
  /** Beats of a process that waits so long for a core after each timer. */
  const beats = (count: number, lateMs = 0) => {
    for (let beat = 0; beat < count; beat += 1) {
      // Calls its timer, and the callback that follows the reading of its socket.
      machine.next(lateMs)
      machine.next()
    }
  }
  return { links, onOver, grace, beats, machine }
}

test('is over after this number of beats without a datagram, once', () => {
  const { onOver, beats } = begin()
  beats(GRACE_QUIET_BEATS - 1)
  expect(onOver).not.toHaveBeenCalled()
  beats(GRACE_QUIET_BEATS)
  expect(onOver).toHaveBeenCalledOnce()
})

test('starts its count again with every datagram', () => {
  const { onOver, grace, beats } = begin()
  beats(GRACE_QUIET_BEATS - 1)
  grace.noteArrival()
  beats(GRACE_QUIET_BEATS - 1)
  expect(onOver).not.toHaveBeenCalled()
  beats(1)
  expect(onOver).toHaveBeenCalledOnce()
})

test('counts a datagram that was in the socket when the last beat was due', () => {
  const { onOver, grace, beats, machine } = begin()
  beats(GRACE_QUIET_BEATS - 1)
  machine.next()
  grace.noteArrival()
  machine.next()
  expect(onOver).not.toHaveBeenCalled()
})

test('counts beats and not time: a process that waits for a core gives its neighbours the same number', () => {
  const { onOver, beats } = begin()
  beats(GRACE_QUIET_BEATS - 1, GRACE_AT_MOST_MS)
  expect(onOver).not.toHaveBeenCalled()
  beats(1)
  expect(onOver).toHaveBeenCalledOnce()
})

test('waits for datagrams in the air, and for the same number of beats after them', () => {
  const { links, onOver, beats } = begin()
  links.inTheAir = 1
  beats(2 * GRACE_QUIET_BEATS)
  links.inTheAir = 0
  beats(GRACE_QUIET_BEATS - 1)
  expect(onOver).not.toHaveBeenCalled()
  beats(1)
  expect(onOver).toHaveBeenCalledOnce()
})

test('takes no datagram past its bound, and is over when those in the air have arrived', () => {
  const { links, onOver, grace, beats } = begin()
  links.inTheAir = 1
  while (links.receives) {
    grace.noteArrival()
    beats(1)
  }
  expect(onOver).not.toHaveBeenCalled()
  links.inTheAir = 0
  beats(1)
  expect(onOver).toHaveBeenCalledOnce()
})

test('is over at its bound under a flood', () => {
  const { links, onOver, grace, beats } = begin()
  for (let beat = 0; beat * GRACE_BEAT_MS < GRACE_AT_MOST_MS; beat += 1) {
    grace.noteArrival()
    beats(1)
  }
  expect(links.receives).toBe(false)
  expect(onOver).toHaveBeenCalledOnce()
})

test('never calls back after it was cancelled', () => {
  const { onOver, grace, beats } = begin()
  grace.cancel()
  beats(2 * GRACE_QUIET_BEATS)
  expect(onOver).not.toHaveBeenCalled()
})
