import { expect, test } from 'vitest'
import { overlap, type Rect, rectAt } from '../model/rect.ts'
import type { Place } from './geometry.ts'
import { placeTip, rectsAlong } from './tip-place.ts'

const SIZE = { width: 240, height: 60 }
const ROOM: Rect = { left: 0, right: 1_000, top: 0, bottom: 400 }
const round = (x: number, y: number, radius: number): Rect => rectAt({ x, y }, radius)
const covers = ({ x, y }: Place, other: Rect) =>
  overlap({ left: x, right: x + SIZE.width, top: y, bottom: y + SIZE.height }, other)
const isIn = ({ x, y }: Place, room: Rect) =>
  x >= room.left && x + SIZE.width <= room.right && y >= room.top && y + SIZE.height <= room.bottom

test('a tooltip is above a datagram and both of its nodes', () => {
  const nodes = [round(300, 200, 40), round(450, 200, 40)]
  const spot = placeTip({ x: 375, y: 200 }, SIZE, ROOM, nodes)
  expect(spot).toEqual({ x: 255, y: 90 })
  expect(nodes.filter((node) => covers(spot, node))).toEqual([])
})

test('without room above, it is below; and beside, without room below either', () => {
  const nodes = [round(300, 100, 60), round(450, 100, 60)]
  expect(placeTip({ x: 375, y: 100 }, SIZE, ROOM, nodes).y).toBe(170)
  const low = { ...ROOM, bottom: 200 }
  const spot = placeTip({ x: 375, y: 100 }, SIZE, low, nodes)
  expect(spot.x).toBe(520)
  expect(isIn(spot, low)).toBe(true)
})

test('it covers neither end of any link in any direction, and stays on the page', () => {
  for (let step = 0; step < 24; step += 1) {
    const angle = (step / 24) * 2 * Math.PI
    const end = (side: 1 | -1) => ({ x: 500 + side * 130 * Math.cos(angle), y: 200 + side * 80 * Math.sin(angle) })
    const ends = [end(-1), end(1)]
    for (const along of [0.2, 0.5, 0.8]) {
      const [from = { x: 0, y: 0 }, to = { x: 0, y: 0 }] = ends
      const at = { x: from.x + (to.x - from.x) * along, y: from.y + (to.y - from.y) * along }
      const clear = [...ends.map(({ x, y }) => round(x, y, 34)), round(at.x, at.y, 8)]
      const spot = placeTip(at, SIZE, ROOM, clear)
      expect(clear.filter((box) => covers(spot, box)).length + (isIn(spot, ROOM) ? 0 : 1), `${step} ${along}`).toBe(0)
    }
  }
})

test('beside a steep line it is next to the pointer, not at the end of the line', () => {
  const arrow = rectsAlong({ x: 400, y: 10 }, { x: 440, y: 390 }, 6)
  const spot = placeTip({ x: 420, y: 200 }, SIZE, ROOM, arrow)
  expect(spot.x - 420).toBeGreaterThan(6)
  expect(spot.x - 420).toBeLessThan(40)
  expect(Math.abs(spot.y + SIZE.height / 2 - 200)).toBeLessThan(1)
})

test('it leaves a slanting line visible', () => {
  const arrow = rectsAlong({ x: 400, y: 150 }, { x: 600, y: 300 }, 6)
  const spot = placeTip({ x: 500, y: 225 }, SIZE, ROOM, arrow)
  expect(arrow.filter((box) => covers(spot, box))).toEqual([])
})
