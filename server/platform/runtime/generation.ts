/**
 * How often a node was started before: its generation. A node that runs by itself keeps the count in a file, because
 * the crash that it must survive takes everything else. The supervisor counts for its own nodes.
 */
import { closeSync, constants, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { MAX_GENERATION } from '../../../shared/gossip/limits.ts'

const DIGITS = 6
const fileOf = (directory: string, port: number) => join(directory, `generation-${port}`)

/**
 * The generation of a node that starts now on this UDP port; counts it.
 * @throws when the count cannot be kept, or has run out: starting all the same would reuse message numbers.
 */
export function takeGeneration(directory: string, port: number): number {
  return raiseCount(fileOf(directory, port), (generation) => {
    if (generation > MAX_GENERATION)
      throw new Error(`node on port ${port} was started more than ${MAX_GENERATION} times; run stopall to begin anew`)
    return generation + 1
  })
}

/**
 * Remembers that a node on this UDP port is in a generation, so that its next start takes a later one.
 * @throws when that cannot be kept.
 */
export function keepGeneration(directory: string, port: number, generation: number) {
  raiseCount(fileOf(directory, port), () => generation + 1)
}

/** Raises the count to what `next` says of it, and returns what it was before; it never sinks. */
function raiseCount(file: string, next: (count: number) => number): number {
  const opened = openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600)
  try {
    const count = parseCount(file, readFileSync(opened, 'latin1').trim())
    const raised = next(count)
    // All digits in one system call: a process that is killed leaves the old count or the new one, never half a number.
    if (raised > count) writeSync(opened, `${`${raised}`.padStart(DIGITS, '0')}\n`, 0)
    return count
  } finally {
    closeSync(opened)
  }
}

/** A file is empty when the disk was full at the node's first start, which ended there. */
function parseCount(file: string, text: string): number {
  if (!/^\d{0,6}$/.test(text)) throw new Error(`${file} holds no number; run stopall to begin anew`)
  return Number(text)
}

/** Forgets all counts; only when no node is left that remembers messages of theirs. */
export function clearGenerations(directory: string) {
  for (const name of readdirSync(directory))
    if (name.startsWith('generation-')) rmSync(join(directory, name), { force: true })
}
