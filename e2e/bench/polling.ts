/** Measures the processor time of a lab that reads the chat logs of programs. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startLab, type TestLab } from '../../server/test-support/lab-process.ts'
import { type Measurement, now, rounded } from './measurement.ts'

const NODES = 8
const SECONDS = 20
const MESSAGE_EVERY_MS = 1_000
/** The target, in percent of a core. */
const MOST = 2

/** The programs gossip over TCP: with datagrams, the lab would also do the work of reporting those. */
export async function polling(root: string): Promise<Measurement[]> {
  const program = `python3 '${join(root, 'server/test-support/foreign/over_tcp.py')}'`
  const lab = await startLab({ nodes: NODES, args: ['--program', program] })
  try {
    const idle = await percentDuring(lab, () => sleep(SECONDS * 1_000))
    const busy = await percentDuring(lab, () => talk(lab))
    // A stopped program is not asked, and all else goes on.
    for (const { pid } of (await lab.state()).nodes) process.kill(pid ?? 0, 'SIGSTOP')
    const without = await percentDuring(lab, () => sleep(SECONDS * 1_000))
    return [
      {
        name: 'polling',
        what: `the lab while it reads the chat logs of ${NODES} programs, idle and with a message a second, ${SECONDS} s each, less the same lab while they are stopped: percent of a core`,
        figures: { idle: rounded(idle - without), withMessages: rounded(busy - without), without: rounded(without) },
        target: `at most ${MOST} % of a core`,
        met: Math.max(idle, busy) - without <= MOST,
      },
    ]
  } finally {
    await lab.stop()
  }
}

async function talk(lab: TestLab) {
  for (let count = 0; count < SECONDS; count += 1) {
    await lab.command(`${count % NODES} msg 1 text${count}`)
    await sleep(MESSAGE_EVERY_MS)
  }
}

async function percentDuring({ pid }: TestLab, deed: () => Promise<void>): Promise<number> {
  // The start of a lab, and what a signal changes, are no part of it.
  await sleep(4_000)
  const [used, began] = [await processorMs(pid), now()]
  await deed()
  return (((await processorMs(pid)) - used) / (now() - began)) * 100
}

/** Returns the processor time of a process: Linux has it in ns for each thread. */
async function processorMs(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`)
  const times = await Promise.all(threads.map((id) => readFile(`/proc/${pid}/task/${id}/schedstat`, 'utf8')))
  return times.reduce((sum, text) => sum + Number(text.split(' ')[0]), 0) / 1e6
}
