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
 * @throws when the count cannot be saved, or has run out. The node must not start then: it would reuse message numbers.
 */
export function takeGeneration(directory: string, port: number): number {
  return raiseCount(fileOf(directory, port), (generation) => {
    if (generation > MAX_GENERATION)
      throw new Error(`node on port ${port} was started more than ${MAX_GENERATION} times; run stopall to start over`)
    return generation + 1
  })
}

/**
 * Saves that a node on this UDP port is in `generation`, so that its next start takes a later one.
 * @throws when that cannot be saved.
 */
export function keepGeneration(directory: string, port: number, generation: number) {
  raiseCount(fileOf(directory, port), () => generation + 1)
}

/** Raises the count to the result of `next`, if that is higher. Returns the previous count. */
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

/** Parses a count; an empty file counts as 0. It is empty after a first start that failed because the disk was full. */
function parseCount(file: string, text: string): number {
  if (!/^\d{0,6}$/.test(text)) throw new Error(`${file} contains no number; run stopall to start over`)
  return Number(text)
}

/** Forgets all counts. Call it only while no running node has messages of these generations. */
export function clearGenerations(directory: string) {
  for (const name of readdirSync(directory))
    if (name.startsWith('generation-')) rmSync(join(directory, name), { force: true })
}
