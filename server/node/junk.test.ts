/**
 * Tests junk by the hundred thousand, against real processes: they live, stay small, answer little, and gossip goes on.
 */

import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { Lab } from '../../shared/lab/lab.ts'
import type { LabState } from '../../shared/model/lab-state.ts'
import { ANSWER_BYTES_PER_BYTE } from '../../shared/node/answer-credit.ts'
import { MAX_LINE_CLIENTS } from '../platform/line-splitter.ts'
import { crowdOf, junkFor } from '../test-support/junk.ts'
import { labOf, stateWhere } from '../test-support/lab.ts'
import { connectTo } from '../test-support/peers.ts'

const NODES = 3
/** Each wave goes to each node. */
const WAVES = 14
const WAVE = 2_500
/** Number of ports, so that each has its share and most of the junk is parsed. */
const CROWD = 64
/** Maximum growth of a node's memory, in bytes: its messages, and garbage not yet collected. */
const MAX_GROWTH_BYTES = 256 * 1_024 * 1_024

const isEverywhere = (state: LabState, text: string) =>
  state.messages.some((message) => message.text === text && Object.keys(message.copies).length === state.nodes.length)

const seen = ({ nodes }: LabState) =>
  nodes.map(({ counters }) => (counters?.datagramsRejected ?? 0) + (counters?.datagramsRefused ?? 0))

async function running(): Promise<{ lab: Lab; udp: readonly number[]; tcp: readonly number[] }> {
  const { lab, settings } = await labOf(NODES)
  await lab.startNetwork({})
  const ids = Array.from({ length: NODES }, (_, id) => id)
  return { lab, udp: ids.map((id) => settings.rootId + id), tcp: ids.map((id) => settings.basePort + id) }
}

test('a hundred thousand datagrams of junk end no node, and messages spread during and after', async () => {
  const { lab, udp } = await running()
  const crowd = await crowdOf(CROWD)
  const before = await stateWhere(lab, ({ nodes }) => nodes.every(({ counters }) => counters !== null))
  const samples = udp.map((port, id) => junkFor(port, crowd.ports, WAVE, id))
  for (let wave = 0; wave < WAVES; wave += 1) {
    await lab.msg(wave % NODES, '1', `truth ${wave}`)
    await Promise.all(udp.map((port, id) => crowd.send([port], samples[id] ?? [])))
  }
  await lab.msg(1, '1', 'after')
  for (let wave = 0; wave < WAVES; wave += 1) await stateWhere(lab, (state) => isEverywhere(state, `truth ${wave}`))
  await stateWhere(lab, (state) => isEverywhere(state, 'after'))
  const { nodes, messages } = await stateWhere(lab, (state) => seen(state).every((count) => count > WAVE))
  for (const [id, { status, pid, counters }] of nodes.entries()) {
    expect(status).toBe('running')
    expect(pid).toBe(before.nodes[id]?.pid)
    const grown = (counters?.memoryBytes ?? Number.NaN) - (before.nodes[id]?.counters?.memoryBytes ?? Number.NaN)
    expect(grown).toBeLessThan(MAX_GROWTH_BYTES)
  }
  // Every message with a node's name came from that node.
  const mine = messages.filter(({ origin }) => udp.includes(origin % 65_536)).map(({ text }) => text)
  expect(mine.every((text) => text.startsWith('truth') || text === 'after')).toBe(true)
})

test('strangers get at most a multiple of the bytes that came in their name, also when they ask for everything', async () => {
  const { lab, udp } = await running()
  const crowd = await crowdOf(CROWD)
  for (let message = 0; message < 50; message += 1) await lab.msg(0, '1', `${`${message}`.padStart(1_000, 'x')}`)
  const questions = crowd.ports.map((port) => Buffer.from(`status:${port}:{}`))
  const rounds = 20
  for (let round = 0; round < rounds; round += 1) await crowd.send(udp, questions)
  const rumor = (port: number) => Buffer.from(`rumor:${port}:{x,${port},0}`)
  await crowd.send(udp, crowd.ports.map(rumor))
  await stateWhere(lab, ({ nodes }) => nodes.every(({ counters }) => (counters?.answersWithheld ?? 0) > 0))
  // All of them are answered within bounds, and the bound was needed.
  let sum = 0
  for (const [place, port] of crowd.ports.entries()) {
    const sent = udp.length * (rounds * (questions[place]?.length ?? 0) + rumor(port).length)
    expect(crowd.heard.get(port)).toBeLessThanOrEqual(ANSWER_BYTES_PER_BYTE * sent)
    sum += crowd.heard.get(port) ?? 0
  }
  expect(sum).toBeGreaterThan(0)
})

test('endless lines and hundreds of connections block a node’s TCP for nobody permanently', async () => {
  const { lab, tcp } = await running()
  const port = tcp[0] ?? 0
  const rude = Array.from({ length: 5 * MAX_LINE_CLIENTS }, () => {
    const socket = connect(port, '127.0.0.1').on('error', () => {})
    onTestFinished(() => void socket.destroy())
    return socket
  })
  const endless = Buffer.alloc(1 << 20, 'x')
  for (const socket of rude.slice(0, 16)) socket.write(endless)
  for (const socket of rude.slice(16)) socket.write('__proto__\n\0\n\xff\nmsg\nget\n')
  const [before] = (await stateWhere(lab, ({ nodes }) => (nodes[0]?.counters?.linesRefused ?? 0) > MAX_LINE_CLIENTS))
    .nodes
  await lab.msg(0, '1', 'over IPC')
  await stateWhere(lab, (state) => isEverywhere(state, 'over IPC'))
  for (const socket of rude) socket.destroy()
  // Until the node has noticed that they are gone, it has no room.
  let log = ''
  while (log === '') {
    const client = await connectTo(port)
    log = await Promise.race([client.chatLog(), client.closed.then(() => '')])
  }
  expect(log).toBe('over IPC')
  const [after] = lab.sequencer.state.nodes
  expect(after).toMatchObject({ status: 'running', pid: before?.pid })
  expect(after?.counters?.memoryBytes).toBeLessThan((before?.counters?.memoryBytes ?? 0) + MAX_GROWTH_BYTES)
})
