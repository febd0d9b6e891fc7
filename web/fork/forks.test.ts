import { expect, test } from 'vitest'
import { EMPTY_LAB } from '../../shared/model/lab-state.ts'
import { type Fork, treeOf } from './forks.ts'

const forkOf = (parent: string, lab: string): Fork => ({
  name: lab,
  parent,
  header: { lab, beganAt: 0 },
  at: 0,
  until: 1,
  run: { lab, base: EMPTY_LAB, events: [], state: EMPTY_LAB, refused: [] },
  other: { name: 'as it happened', state: EMPTY_LAB, events: [] },
})

test('a fork of a fork is below it', () => {
  const forks = [forkOf('lab', 'a'), forkOf('lab', 'b'), forkOf('a', 'c'), forkOf('c', 'd'), forkOf('gone', 'e')]
  expect(treeOf(forks).map(({ fork, depth }) => `${depth} ${fork.name}`)).toEqual(['0 a', '1 c', '2 d', '0 b', '0 e'])
})
