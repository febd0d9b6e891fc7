import { expect, test } from 'vitest'
import { freePorts } from '../test-support/ports.ts'
import { takeTcp, takeUdp } from '../test-support/taken-ports.ts'
import { explainTakenPorts, takenPorts, wordsFor } from './ports.ts'

test('free ports are not in use, and are free again afterwards', async () => {
  const { tcp, udp } = await freePorts(4)
  for (const _ of [1, 2]) expect(await takenPorts(4, tcp, udp)).toEqual([])
  expect(await explainTakenPorts(4, tcp, udp)).toBeUndefined()
})

test('every port in use is named, and free ones are suggested', async () => {
  const { tcp, udp } = await freePorts(4)
  await Promise.all([takeTcp(tcp), takeTcp(tcp + 2), takeUdp(udp + 3)])
  expect(await takenPorts(4, tcp, udp)).toEqual([
    { kind: 'TCP', port: tcp, isInUse: true },
    { kind: 'TCP', port: tcp + 2, isInUse: true },
    { kind: 'UDP', port: udp + 3, isInUse: true },
  ])
  const why = await explainTakenPorts(4, tcp, udp)
  expect(why).toContain(`ports in use: TCP ${tcp}, ${tcp + 2} and UDP ${udp + 3}. bin/stopall`)
  const [, base = '', root = ''] = /--base-port (\d+) --root-id (\d+)$/.exec(why ?? '') ?? []
  expect(await takenPorts(4, Number(base), Number(root))).toEqual([])
})

test('without a free block above, none is suggested', async () => {
  const { udp } = await freePorts(1)
  // The test or another program has the port.
  await takeTcp(65_534).catch(() => {})
  expect(await explainTakenPorts(2, 65_534, udp)).toMatch(/left over\.$/)
})

test('ports that the system reserves are not reported as in use', () => {
  const reserved = [80, 81].map((port) => ({ kind: 'TCP' as const, port, isInUse: false }))
  const free = { basePort: 1_080, rootId: 41_000 }
  const offer = 'Or use free ones: --base-port 1080 --root-id 41000'
  expect(wordsFor(reserved, free)).toBe(`ports reserved by the system: TCP 80, 81. ${offer}`)
  expect(wordsFor([...reserved, { kind: 'UDP', port: 40_000, isInUse: true }], undefined)).toBe(
    'ports in use: UDP 40000; ports reserved by the system: TCP 80, 81. bin/stopall ends nodes that are left over.',
  )
})
