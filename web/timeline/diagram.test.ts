import { expect, test } from 'vitest'
import type { NodeState } from '../../shared/model/lab-state.ts'
import { quietWords } from './diagram.ts'

test.each([
  ['our own nodes', {}, 'quiet: no datagrams in the last 3 s'],
  ['programs behind a gate', { program: true, gate: true }, 'quiet: no datagrams in the last 3 s'],
  ['programs without one', { program: true, gate: 'nft is missing' }, 'the lab cannot see the datagrams of programs'],
  ['programs that cannot have one', { program: true }, 'the lab cannot see the datagrams of programs'],
] as const)('an empty diagram of %s says why it is empty', (_, node, words) => {
  expect(quietWords({ nodes: [node as NodeState], windowMs: 3_000 })).toBe(words)
})
