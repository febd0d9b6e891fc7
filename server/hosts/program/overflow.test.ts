import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { OverflowWatch } from './overflow.ts'

/** A program that never reads: it has room for a few datagrams, and prints its port. */
const DEAF = `import socket, sys, time
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2304)
udp.bind(('127.0.0.1', 0))
print(udp.getsockname()[1], flush=True)
time.sleep(1000)`

const SENT = 100

test('datagrams that a full receive buffer loses are counted, by port', async () => {
  const deaf = spawn('python3', ['-c', DEAF])
  onTestFinished(() => {
    deaf.kill('SIGKILL')
  })
  const [line] = await once(deaf.stdout, 'data')
  const port = Number(`${line}`)
  const lost = new Promise<number>((resolve) => {
    const onOverflow = (at: number, count: number) => {
      if (at === port) resolve(count)
    }
    const watch = new OverflowWatch({ pid: deaf.pid ?? 0, onOverflow })
    onTestFinished(() => watch.stop())
  })
  const sender = createSocket('udp4')
  onTestFinished(() => {
    sender.close()
  })
  for (let count = 0; count < SENT; count += 1) sender.send(Buffer.alloc(500), port, '127.0.0.1')
  expect(await lost).toBeGreaterThan(0)
  expect(await lost).toBeLessThan(SENT)
})
