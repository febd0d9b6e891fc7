/**
 * How often a node was started before: its generation. A node that runs by itself keeps the count in a file, because
 * the crash that it must survive takes everything else. The supervisor counts for its own nodes.
 */
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MAX_GENERATION } from '../../shared/gossip/limits.ts'

const fileOf = (directory: string, port: number) => join(directory, `generation-${port}`)

/**
 * The generation of a node that starts now on this UDP port; counts it.
 * @throws when the count cannot be kept, or has run out: starting all the same would reuse message numbers.
 */
export function takeGeneration(directory: string, port: number): number {
  const file = fileOf(directory, port)
  const generation = readCount(file)
  if (generation > MAX_GENERATION)
    throw new Error(`node on port ${port} was started more than ${MAX_GENERATION} times; run stopall to begin anew`)
  writeCount(file, generation + 1)
  return generation
}

/**
 * Remembers that a node on this UDP port is in a generation, so that its next start takes a later one.
 * @throws when that cannot be kept.
 */
export function keepGeneration(directory: string, port: number, generation: number) {
  const file = fileOf(directory, port)
  if (readCount(file) <= generation) writeCount(file, generation + 1)
}

/** Written aside and moved, so that a crash in between leaves the old count or the new one, never half a number. */
function writeCount(file: string, count: number) {
  writeFileSync(`${file}.new`, `${count}\n`)
  renameSync(`${file}.new`, file)
}

function readCount(file: string): number {
  let text: string
  try {
    text = readFileSync(file, 'utf8').trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
  if (!/^\d{1,6}$/.test(text)) throw new Error(`${file} holds no number; run stopall to begin anew`)
  return Number(text)
}

/** Forgets all counts; only when no node is left that remembers messages of theirs. */
export function clearGenerations(directory: string) {
  for (const name of readdirSync(directory))
    if (name.startsWith('generation-')) rmSync(join(directory, name), { force: true })
}
