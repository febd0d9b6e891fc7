/** Tests a flood from one address at a node in the middle of a line: its neighbours gossip through it as before. */
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Lab } from '../../shared/lab/lab.ts'
import { eventsOf, labOf, stateWhere } from '../test-support/lab.ts'
import { start } from '../test-support/processes.ts'

const FLOODER = fileURLToPath(new URL('../test-support/flooder.mjs', import.meta.url))
const NODES = 4
const ROUNDS = 40
/** Maximum slowdown by the flood: the usual one is a tenth of it, and without a limit the test does not end. */
const GENEROUS = 100

/** Returns the mean time of a message from one end of the line to all, in ms. */
async function timeToAll(lab: Lab, name: string): Promise<number> {
  let sum = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    const text = `${name}${round}`
    await lab.msg(0, '1', `${text}`)
    const { messages } = await stateWhere(lab, (state) =>
      state.messages.some((message) => message.text === text && Object.keys(message.copies).length === NODES),
    )
    const message = messages.find((one) => one.text === text)
    const arrivals = Object.values(message?.copies ?? {}).map(({ at }) => at)
    sum += Math.max(...arrivals) - Math.min(...arrivals)
  }
  return sum / ROUNDS
}

test('a flood from one address is rejected and counted, and the neighbours converge all the same', async () => {
  const { lab, settings } = await labOf(NODES)
  await lab.startNetwork({})
  await timeToAll(lab, 'warm')
  const calm = await timeToAll(lab, 'calm')
  const flooder = start(process.execPath, [FLOODER, `${settings.rootId + 1}`, '60'])
  await flooder.firstLine
  const flooded = await timeToAll(lab, 'flooded')
  expect(flooder.child.exitCode).toBe(null)
  flooder.child.kill()
  expect(flooded / calm).toBeLessThan(GENEROUS)
  const { nodes } = await stateWhere(lab, (state) => (state.nodes[1]?.counters?.datagramsOverLimit ?? 0) > 10_000)
  expect(nodes.map(({ status }) => status)).toEqual(Array(NODES).fill('running'))
  const told = eventsOf(lab).filter(
    (event) => event.type === 'rejected' && event.why.includes('exceeds the rate limit'),
  )
  expect(told.length).toBeGreaterThan(0)
  expect(told.length).toBeLessThan((nodes[1]?.counters?.datagramsOverLimit ?? 0) / 10)
})
