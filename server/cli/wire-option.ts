/** Loads the decoder that `--wire` names, before anything starts. */
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { formatMs } from '../../shared/text/format.ts'
import { cut } from '../../shared/text/words.ts'
import type { WireDecoder } from '../hosts/program/wire-format.ts'
import { fileWords } from '../platform/system-errors.ts'

export const WIRE_USAGE = `  --wire <file>         decoder for the datagrams of your program, if it does not speak the report's text: a small
                        JavaScript file, see docs/programs.md`

/** Length of the words of an error that are shown, in characters. */
const MAX_WORDS = 200
/** Time that a file gets to load, in ms. */
const LOAD_PATIENCE_MS = 5_000

/** @throws (rejects) Error that says what is wrong with the file. `folder` is where paths begin. */
export async function loadDecoder(path: string, folder: string): Promise<WireDecoder> {
  const told = `--wire ${path}`
  const file = resolve(folder, path)
  requireFile(told, file)
  const module = await load(told, file)
  const decode = typeof module.default === 'function' ? module.default : module.decode
  if (!isFunction(decode)) throw new Error(`${told} exports no decoder: write "export default (bytes) => …"`)
  return decode
}

function requireFile(told: string, file: string) {
  try {
    if (statSync(file).isFile()) return
  } catch (error) {
    throw new Error(`${told}: ${fileWords(error as Error)}`)
  }
  throw new Error(`${told} is no file: name a JavaScript module`)
}

async function load(told: string, file: string): Promise<Readonly<Record<string, unknown>>> {
  const patience = new AbortController()
  const tooLate = wait(LOAD_PATIENCE_MS, undefined, { signal: patience.signal }).then(() => {
    throw new Error(`it takes longer than ${formatMs(LOAD_PATIENCE_MS)}`)
  })
  try {
    return await Promise.race([import(/* @vite-ignore */ pathToFileURL(file).href), tooLate])
  } catch (error) {
    throw new Error(`${told} cannot be loaded as a JavaScript module: ${errorWords(error)}`)
  } finally {
    patience.abort()
  }
}

/** Node writes the line of a syntax error before the error itself. */
function errorWords(error: unknown): string {
  const [, line] = (error instanceof SyntaxError && /^file:.*:(\d+)\n/.exec(error.stack ?? '')) || []
  return `${line === undefined ? '' : `line ${line}: `}${cut(String(error), MAX_WORDS)}`
}

const isFunction = (value: unknown): value is WireDecoder => typeof value === 'function'
