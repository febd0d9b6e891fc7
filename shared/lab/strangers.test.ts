import { expect, onTestFinished, test } from 'vitest'
import { NO_SOCKETS, VirtualMachine } from '../sim/virtual-machine.ts'
import { LOOK_EVERY_MS, Strangers } from './strangers.ts'

const ROOT = 40_000

/** A lab of three nodes of which node 0 runs, and the sockets on the ports. */
function watched() {
  const running = new Set([0])
  const sockets = new Map<number, string>()
  const told: string[] = []
  const machine = new VirtualMachine(NO_SOCKETS)
  const strangers = new Strangers({
    platform: machine,
    sockets: {
      at: async (port) => {
        const inode = sockets.get(port)
        return inode === undefined ? undefined : { inode, drops: 0 }
      },
      isTaken: async (port) => sockets.has(port),
    },
    settings: () => ({ n: 3, rootId: ROOT }),
    isVacant: (id) => id >= 0 && id < 3 && !running.has(id),
    onChange: (node, present) => told.push(`${node} ${present}`),
  })
  onTestFinished(() => strangers.close())
  const looks = (count: number) => machine.advanceAsync(count * LOOK_EVERY_MS)
  return { running, sockets, told, strangers, looks }
}

test('a program that stays on the port of a node that does not run is reported once, and again when it leaves', async () => {
  const { sockets, told, looks } = watched()
  sockets.set(ROOT + 1, '7')
  await looks(3)
  expect(told).toEqual(['1 true'])
  sockets.delete(ROOT + 1)
  await looks(2)
  expect(told).toEqual(['1 true', '1 false'])
})

test('the lab’s own nodes, other ports, and a program that only tries a port for a moment are no strangers', async () => {
  const { sockets, told, looks } = watched()
  sockets
    .set(ROOT, '1')
    .set(ROOT + 3, '2')
    .set(ROOT + 1, '3')
  await looks(1)
  sockets.set(ROOT + 1, '4')
  await looks(1)
  sockets.delete(ROOT + 1)
  await looks(2)
  expect(told).toEqual([])
})

test('a node that starts has no stranger, and one that ends again may get another', async () => {
  const { running, sockets, told, looks } = watched()
  sockets.set(ROOT + 1, '7')
  await looks(2)
  running.add(1)
  sockets.set(ROOT + 1, '8')
  await looks(2)
  running.delete(1)
  sockets.set(ROOT + 1, '9')
  await looks(2)
  expect(told).toEqual(['1 true', '1 true'])
})

test('the answer whether a stranger has a port is as of now', async () => {
  const { running, sockets, strangers } = watched()
  sockets
    .set(ROOT + 1, '7')
    .set(ROOT, '1')
    .set(9_999, '2')
  const answers = () => Promise.all([ROOT, ROOT + 1, ROOT + 2, 9_999].map((port) => strangers.isAt(port)))
  expect(await answers()).toEqual([false, true, false, false])
  running.add(1)
  expect(await answers()).toEqual([false, false, false, false])
})
