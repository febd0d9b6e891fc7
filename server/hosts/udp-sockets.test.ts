import { expect, test } from 'vitest'
import { peerOn } from '../test-support/peers.ts'
import { parseUdpTable, udpSockets } from './udp-sockets.ts'

const HEAD =
  '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops'
const row = (local: string, inode: number, drops: number) =>
  `  123: ${local} 00000000:0000 07 00000000:00000300 00:00000000 00000000  1000        0 ${inode} 2 0000000000000000 ${drops}`

test('the kernel’s list gives the sockets that receive on loopback, with their drop counts', () => {
  const four = [HEAD, row('0100007F:9C40', 11, 0), row('00000000:9C41', 12, 7), row('0501A8C0:9C42', 13, 9), ''].join(
    '\n',
  )
  expect([...parseUdpTable(four)]).toEqual([
    [40_000, { inode: '11', drops: 0 }],
    [40_001, { inode: '12', drops: 7 }],
  ])
  const six = [
    HEAD,
    row('00000000000000000000000000000000:9C43', 14, 1),
    row('0000000000000000FFFF00000100007F:9C44', 15, 0),
    row('00000000000000000000000001000000:9C45', 16, 0),
  ].join('\n')
  expect([...parseUdpTable(six).keys()]).toEqual([40_003, 40_004])
})

test('a list of another form gives nothing', () => {
  expect([...parseUdpTable('')]).toEqual([])
  expect([...parseUdpTable('no such\nlist at all\n')]).toEqual([])
})

test('a port is in use while some program has it', async () => {
  const sockets = udpSockets()
  const { port } = await peerOn()
  expect(await Promise.all([sockets.isTaken(port), sockets.isTaken(9)])).toEqual([true, false])
  if (process.platform === 'linux') expect(await sockets.at(port)).toMatchObject({ drops: 0 })
})

test('without a list of the system, a bind is tried, once for all simultaneous callers', async () => {
  const tried: number[] = []
  const isInUse = async (port: number) => {
    tried.push(port)
    return port === 1
  }
  const sockets = udpSockets({ list: async () => undefined, isInUse })
  const ask = (at: number) => Promise.all(Array.from({ length: 500 }, () => sockets.isTaken(at)))
  expect(new Set(await ask(1))).toEqual(new Set([true]))
  expect(new Set(await ask(2))).toEqual(new Set([false]))
  expect(tried).toEqual([1, 2])
  await ask(2)
  expect(tried).toEqual([1, 2, 2])
  expect(await sockets.at(1)).toBeUndefined()
})
