import { expect, test } from 'vitest'
import { frameParts, inkOf, linesOf, PAD } from './frame.ts'

const words = { width: 200, height: 50 }

test('a picture is as wide and as high as its content with its margins', () => {
  const stage = { left: 170, right: 770, height: 180 }
  const { width, height, shift, stageTop } = frameParts({ words, stage, matrix: null })
  expect([width, shift]).toEqual([600 + 2 * PAD, PAD - 170])
  expect(height).toBe(stageTop + 180 + PAD)
})

test('the matrix has the columns of the stage, and the picture contains its labels beside them', () => {
  const stage = { left: 170, right: 770, height: 180 }
  const matrix = { left: 20, right: 760, height: 90 }
  const { width, height, shift, stageTop, matrixTop } = frameParts({ words, stage, matrix })
  expect([width, shift]).toEqual([750 + 2 * PAD, PAD - 20])
  expect(matrixTop).toBeGreaterThanOrEqual(stageTop + 180)
  expect(height).toBe(matrixTop + 90 + PAD)
})

test('a long title is not cut off beside a small stage', () => {
  const stage = { left: 0, right: 90, height: 180 }
  expect(frameParts({ words, stage, matrix: null }).width).toBe(200 + 2 * PAD)
})

test('the drawn area is found, to the pixel', () => {
  const data = new Uint8ClampedArray(4 * 12)
  expect(inkOf({ data, width: 4, height: 3 })).toBeNull()
  data[4 * (1 * 4 + 2) + 3] = 1
  data[4 * (2 * 4 + 1) + 3] = 255
  expect(inkOf({ data, width: 4, height: 3 })).toEqual({ left: 1, right: 3, top: 1, bottom: 3 })
})

test('a caption that is too wide continues in the next line', () => {
  const widthOf = ({ length }: string) => length
  expect(linesOf(['4 nodes on a line', '250 ms per link', 'at 1.2 s'], 60, widthOf)).toEqual([
    '4 nodes on a line · 250 ms per link · at 1.2 s',
  ])
  expect(linesOf(['4 nodes on a line', '250 ms per link', 'at 1.2 s'], 26, widthOf)).toEqual([
    '4 nodes on a line',
    '250 ms per link · at 1.2 s',
  ])
})
