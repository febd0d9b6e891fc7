/** Tests the formats of /proc with lines that Linux has written. */
import { expect, test } from 'vitest'
import { readProc, statOf, udpRowsOf } from './proc.ts'

test('a process that does not exist has no state', () => {
  expect(statOf(2 ** 30)).toBeUndefined()
  expect(readProc('/proc/none')).toBe('')
})

test('rows of sockets have address, port, inode and drops, over IPv4 and IPv6', () => {
  const head =
    '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n'
  const four =
    ' 2312: 0100007F:9C40 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 81442 2 0000000000000000 7\n'
  const six =
    ' 2313: 00000000000000000000000001000000:9C41 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 81443 2 0000000000000000 0\n'
  expect(udpRowsOf(head + four + six)).toEqual([
    { address: '0100007F', port: 40000, inode: '81442', drops: 7 },
    { address: '00000000000000000000000001000000', port: 40001, inode: '81443', drops: 0 },
  ])
  expect(udpRowsOf('')).toEqual([])
})
