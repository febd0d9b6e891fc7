import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { freePorts } from '../../e2e/support/ports.ts'
import { explainPortsInUse, portsInUse } from './ports.ts'

async function takeTcp(port: number) {
  const server = createServer().listen(port, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
}

async function takeUdp(port: number) {
  const socket = createSocket('udp4').bind(port, '127.0.0.1')
  onTestFinished(() => void socket.close())
  await once(socket, 'listening')
}

test('free ports are not in use, and are free again afterwards', async () => {
  const { tcp, udp } = await freePorts(4)
  for (const _ of [1, 2]) expect(await portsInUse(4, tcp, udp)).toEqual({ tcp: [], udp: [] })
  expect(await explainPortsInUse(4, tcp, udp)).toBeUndefined()
})

test('every port in use is named, and free ones are offered', async () => {
  const { tcp, udp } = await freePorts(4)
  await Promise.all([takeTcp(tcp), takeTcp(tcp + 2), takeUdp(udp + 3)])
  expect(await portsInUse(4, tcp, udp)).toEqual({ tcp: [tcp, tcp + 2], udp: [udp + 3] })
  const why = await explainPortsInUse(4, tcp, udp)
  expect(why).toContain(`ports in use: TCP ${tcp}, ${tcp + 2} and UDP ${udp + 3}. bin/stopall`)
  const [, base = '', root = ''] = /--base-port (\d+) --root-id (\d+)$/.exec(why ?? '') ?? []
  expect(await portsInUse(4, Number(base), Number(root))).toEqual({ tcp: [], udp: [] })
})

test('where there is no free block above, none is offered', async () => {
  const { udp } = await freePorts(1)
  // Taken by us, or by whoever has it already.
  await takeTcp(65_534).catch(() => {})
  expect(await explainPortsInUse(2, 65_534, udp)).toMatch(/left over\.$/)
})
