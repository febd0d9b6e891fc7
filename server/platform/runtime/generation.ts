/**
 * Keeps the number of earlier starts of a node: its generation. A standalone node keeps the count in a file, because a
 * crash loses everything else. The supervisor counts for its own nodes.
 */
import { closeSync, constants, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { MAX_GENERATION } from '../../../shared/gossip/limits.ts'

const DIGITS = 6
const fileOf = (directory: string, port: number) => join(directory, `generation-${port}`)

/**
 * Returns the generation of a node that starts now on this UDP port, and counts it.
 * @throws when the count cannot be saved, or has run out: a start all the same would reuse message numbers.
 */
export function takeGeneration(directory: string, port: number): number {
  return raiseCount(fileOf(directory, port), (generation) => {
    if (generation > MAX_GENERATION)
      throw new Error(`node on port ${port} was started more than ${MAX_GENERATION} times; run stopall to start over`)
    return generation + 1
  })
}

/**
 * Saves that a node on this UDP port is in a generation, so that its next start takes a later one.
 * @throws when that cannot be saved.
 */
export function keepGeneration(directory: string, port: number, generation: number) {
  raiseCount(fileOf(directory, port), () => generation + 1)
}

/** Raises the count to the result of `next`, and returns the previous one; it never sinks. */
function raiseCount(file: string, next: (count: number) => number): number {
  const opened = openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600)
  try {
    const count = parseCount(file, readFileSync(opened, 'latin1').trim())
    const raised = next(count)
    // Writes all digits in one system call: a killed process leaves the old count or the new one, never half a number.
    if (raised > count) writeSync(opened, `${`${raised}`.padStart(DIGITS, '0')}\n`, 0)
    return count
  } finally {
    closeSync(opened)
  }
}

/** A file is empty when the disk was full at the node's first start, which failed there. */
function parseCount(file: string, text: string): number {
  if (!/^\d{0,6}$/.test(text)) throw new Error(`${file} holds no number; run stopall to start over`)
  return Number(text)
}

/** Forgets all counts; only valid when no running node remembers messages of theirs. */
export function clearGenerations(directory: string) {
  for (const name of readdirSync(directory))
    if (name.startsWith('generation-')) rmSync(join(directory, name), { force: true })
}
