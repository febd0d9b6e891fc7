/** An experiment in the address: `#sim=` and its text, compressed. */
import { type Experiment, formatExperiment, parseExperiment } from '../../shared/wire/experiment.ts'

/** Longest text of an experiment, in bytes, so that a short address cannot fill the memory. */
const MAX_TEXT_BYTES = 262_144
/** Longest part of an address, in characters. Programs cut longer addresses off. */
const MAX_PART_CHARS = 8_000

/** Resolves with `sim=...`; with an empty text if the experiment is too long for an address. */
export async function experimentPart(experiment: Experiment): Promise<string> {
  const packed = new Blob([formatExperiment(experiment)]).stream().pipeThrough(new CompressionStream('deflate-raw'))
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer())
  const part = `sim=${base64url(bytes)}`
  return part.length > MAX_PART_CHARS ? '' : part
}

/** Resolves with the experiment in an address, with what is wrong with it, or with null if there is none. */
export async function experimentIn(hash: string): Promise<Experiment | string | null> {
  const text = new URLSearchParams(hash.replace(/^#/, '')).get('sim')
  if (text === null) return null
  try {
    return parseExperiment(await unpacked(text))
  } catch {
    return 'it is cut off or damaged'
  }
}

async function unpacked(text: string): Promise<string> {
  const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader()
  const parts: BlobPart[] = []
  let size = 0
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return new TextDecoder('utf-8', { fatal: true }).decode(await new Blob(parts).arrayBuffer())
    size += value.length
    if (size > MAX_TEXT_BYTES) throw new Error('too long')
    parts.push(value)
  }
}

const base64url = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
