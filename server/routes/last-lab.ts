/** Serves the recording that the lab before made of itself. It tells of this machine, so only the presenter gets it. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { SavedLab } from '../supervisor/saved-labs.ts'
import type { Access } from './access.ts'

const NEWLINE = 10

export function lastLabRoute(app: FastifyInstance, access: Access, lastLab: SavedLab | undefined) {
  const onRequest = async ({ raw }: FastifyRequest, reply: FastifyReply) => {
    if (access.roleOf(raw) !== 'viewer') return
    await reply.code(403).send({ ok: false, error: 'you are watching: only the presenter opens the last recording' })
  }

  app.get('/api/last-lab', { onRequest }, async (_request, reply) => {
    const files = lastLab?.files ?? []
    const isThere = await Promise.all(files.map((file) => stat(file))).then(
      () => files.length > 0,
      () => false,
    )
    if (!isThere) return reply.code(404).send({ ok: false, error: 'there is no recording of the last lab any more' })
    return reply.type('application/jsonl').send(Readable.from(joined(files)))
  })
}

/** One recording: each further file goes on where the one before ends, and its own header is left out. */
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
