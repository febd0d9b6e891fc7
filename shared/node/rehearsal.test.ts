import { expect, test } from 'vitest'
import { NO_SOCKETS, VirtualMachine } from '../sim/virtual-machine.ts'
import { Rehearsal } from './rehearsal.ts'

test('every message of a rehearsal reaches its last node, in memory and without a timer of the machine', async () => {
  const machine = new VirtualMachine(NO_SOCKETS)
  const rehearsal = await Rehearsal.begin(machine)
  expect(rehearsal.play('msg 0 one')).toEqual(['chatLog one'])
  expect(rehearsal.play('msg 1 two')).toEqual(['chatLog one,two'])
  expect(machine.nextAt).toBe(Number.POSITIVE_INFINITY)
})
