/**
 * Serves the recording that the previous lab made automatically. It contains facts about this machine, so only the
 * presenter gets it.
 */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { SavedLab } from '../recorder/saved-labs.ts'
import type { Access } from './access.ts'

const NEWLINE = 10

export function lastLabRoute(app: FastifyInstance, access: Access, lastLab: SavedLab | undefined) {
  const onRequest = async ({ raw }: FastifyRequest, reply: FastifyReply) => {
    if (access.roleOf(raw) !== 'viewer') return
    await reply.code(403).send({ ok: false, error: 'you are watching; only the presenter can open the last recording' })
  }

  app.get('/api/last-lab', { onRequest }, async (_request, reply) => {
    const files = await newestOnes(lastLab?.files ?? []).catch(() => [])
    if (files.length === 0)
      return reply.code(404).send({ ok: false, error: 'the recording of the last lab no longer exists' })
    return reply.type('application/jsonl').send(Readable.from(joined(files)))
  })
}

/**
 * Resolves with the last of these files and those before it, as far back as each continues the one before: a file may
 * lack its end after a crash of the machine, or the lab may have forgotten events while the disk was full. Rejects when
 * a file is gone.
 */
async function newestOnes(files: readonly string[]): Promise<readonly string[]> {
  const newest: string[] = []
  let begins: number | undefined
  for (const file of files.toReversed()) {
    const { base, last } = await endsOf(file)
    if (newest.length > 0 && last !== begins) break
    newest.unshift(file)
    begins = base
  }
  return newest
}

/** Number of bytes to read: more than a header up to the number of its last event, and more than two events. */
const LOOK_BYTES = 1_048_576

/** Resolves with the numbers of the last event before a recording and of its last complete one. */
async function endsOf(path: string): Promise<{ base: number | undefined; last: number | undefined }> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const read = async (position: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(LOOK_BYTES), 0, LOOK_BYTES, position)
      return buffer.toString('utf8', 0, bytesRead)
    }
    const [head, tail] = [await read(0), await read(Math.max(0, size - LOOK_BYTES))]
    const line = tail.slice(0, tail.lastIndexOf('\n')).split('\n').at(-1) ?? ''
    return { base: numberIn(head, /^\{[^{\n]*"base":\{"last":(\d+),/), last: numberIn(line, /^\{"n":(\d+),/) }
  } finally {
    await file.close()
  }
}

function numberIn(text: string, pattern: RegExp): number | undefined {
  const [, digits] = pattern.exec(text) ?? []
  return digits === undefined ? undefined : Number(digits)
}

/** Joins the files to one recording: each further file continues the one before, and its header is left out. */
async function* joined(files: readonly string[]): AsyncGenerator<Buffer> {
  for (const [place, file] of files.entries()) {
    let inHeader = place > 0
    for await (const chunk of createReadStream(file)) {
      const bytes: Buffer = chunk
      const end = inHeader ? bytes.indexOf(NEWLINE) : -1
      if (inHeader && end < 0) continue
      inHeader = false
      yield bytes.subarray(end + 1)
    }
  }
}
