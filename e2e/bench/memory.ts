/**
 * Measures the memory of many nodes at once: the proportional share (PSS) of each, because they share the pages of Node
 * itself.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from '../../server/test-support/ports.ts'
import { type Measurement, median, rounded } from './measurement.ts'
import { Standalone } from './standalone.ts'

const PROCESSES = 64
const MIB = 1_024 * 1_024
const BARE = `
require('node:net').createServer().listen(0, '127.0.0.1')
require('node:dgram').createSocket('udp4').bind(0, '127.0.0.1', () => require('node:fs').writeSync(1, 'listening\\n'))
`

/** Skipped if the system does not report a process's share. */
export async function memory(root: string): Promise<Measurement[]> {
  if (process.platform !== 'linux') return []
  const folder = mkdtempSync(join(tmpdir(), 'rs-bench-'))
  try {
    const bare = await bareProcesses(folder)
    const nodes = await gossipNodes(root, folder)
    return [
      {
        name: 'memory-64',
        what: `proportional set size of each of ${PROCESSES} nodes on a line, beside as many bare ones with the same sockets`,
        figures: {
          medianMiB: rounded(median(nodes) / MIB),
          maxMiB: rounded(Math.max(...nodes) / MIB),
          bareMedianMiB: rounded(median(bare) / MIB),
        },
        target: 'at most 8 MiB each',
        met: Math.max(...nodes) <= 8 * MIB,
      },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function gossipNodes(root: string, folder: string): Promise<number[]> {
  const nodes = new Standalone(root, folder, await freePorts(PROCESSES))
  try {
    for (let id = 0; id < PROCESSES; id += 1) await nodes.start(id, PROCESSES)
    return nodes.pids.map(shareOf)
  } finally {
    await nodes.stop()
  }
}

async function bareProcesses(folder: string): Promise<number[]> {
  const file = join(folder, 'bare.cjs')
  writeFileSync(file, BARE)
  const children: ChildProcess[] = []
  try {
    for (let count = 0; count < PROCESSES; count += 1) {
      const child = spawn('node', ['--v8-pool-size=0', file], { stdio: ['ignore', 'pipe', 'ignore'] })
      children.push(child)
      if (child.stdout) await once(child.stdout, 'data')
    }
    return children.map(({ pid }) => shareOf(pid ?? 0))
  } finally {
    for (const child of children) child.kill('SIGKILL')
  }
}

function shareOf(pid: number): number {
  const kib = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]
  return Number(kib) * 1_024
}
