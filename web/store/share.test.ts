import { expect, test } from 'vitest'
import type { Pointing } from '../../shared/wire/protocol.ts'
import { createSharing } from './share.ts'

function play() {
  let cursor = 0
  const sent: (number | null)[] = []
  const timers: (() => void)[] = []
  const sharing = createSharing({
    current: (): Pointing => ({ selection: null, cursor, time: { mode: 'live', speed: 1, at: null } }),
    send: (pointing) => sent.push(pointing.cursor),
    later: (run) => timers.push(run),
  })
  const move = (to: number) => {
    cursor = to
    sharing.changed()
  }
  return { sharing, sent, move, tick: () => timers.shift()?.() }
}

test('the first move is sent at once, and of many that follow only the last', () => {
  const { sent, move, tick } = play()
  for (const to of [1, 2, 3, 4]) move(to)
  expect(sent).toEqual([1])
  tick()
  expect(sent).toEqual([1, 4])
})

test('an unchanged focus is not sent again', () => {
  const { sent, move, tick } = play()
  move(1)
  tick()
  move(1)
  expect(sent).toEqual([1])
})

test('a viewer who joins gets it, though nothing has changed', () => {
  const { sharing, sent, move, tick } = play()
  move(1)
  tick()
  sharing.greet()
  expect(sent).toEqual([1, 1])
})
