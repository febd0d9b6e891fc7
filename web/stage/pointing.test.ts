import { expect, test } from 'vitest'
import type { Place } from '../canvas/geometry.ts'
import { columnsFor } from '../model/columns.ts'
import { layoutStage } from './layout.ts'
import { spotUnder } from './pointing.ts'

const layout = layoutStage({ topology: 'line', columns: columnsFor(950, 4) })
const { x, y } = layout.places[1] as Place
const flying = (at: Place) => ({ at, flight: { phase: 'flying', progress: 0.5 } as const })

test('the nearest datagram in reach is chosen', () => {
  const beside = { x: x + layout.radius + 20, y }
  const [near, far] = [flying({ x: beside.x + 3, y }), flying({ x: beside.x - 8, y })]
  expect(spotUnder(beside, [far, near], layout)).toBe(near)
  expect(spotUnder({ x: beside.x, y: y + 40 }, [far, near], layout)).toBeUndefined()
})

test('on a node the node is chosen, also while a datagram leaves it or flies over it', () => {
  const spots = [flying({ x: x + layout.radius, y }), flying({ x, y: y + 2 })]
  expect(spotUnder({ x: x + layout.radius - 4, y }, spots, layout)).toBeUndefined()
  expect(spotUnder({ x, y }, spots, layout)).toBeUndefined()
  expect(spotUnder({ x: x + layout.radius + 4, y }, spots, layout)).toBe(spots[0])
})

test('an arrived datagram cannot be pointed at', () => {
  const at = { x: x + layout.radius + 20, y }
  expect(spotUnder(at, [{ at, flight: { phase: 'arrived', age: 0.2 } }], layout)).toBeUndefined()
})
