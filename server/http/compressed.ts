/**
 * Compresses the files of the page in memory, for an installation without compressed ones: the package leaves them out,
 * because they are a quarter of it.
 */
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyInstance } from 'fastify'

const COMPRESSIBLE = /^(text\/|application\/javascript|image\/svg)/

/** Serves what the routes of this scope send as gzip, to clients that take it. Each file is compressed once. */
export function compressFiles(scope: FastifyInstance) {
  const kept = new Map<string, Promise<Buffer>>()
  scope.addHook('onSend', async (request, reply, payload) => {
    const isWhole = request.method === 'GET' && reply.statusCode === 200 && payload instanceof Readable
    const isCompressible =
      COMPRESSIBLE.test(`${reply.getHeader('content-type')}`) && !reply.hasHeader('content-encoding')
    if (!isWhole || !isCompressible || !/\bgzip\b/.test(`${request.headers['accept-encoding']}`)) return payload
    // A file that was replaced has another tag.
    const key = `${request.url.replace(/\?.*/, '')} ${reply.getHeader('etag')}`
    const before = kept.get(key)
    if (before) payload.destroy()
    const compressed = before ?? buffer(payload).then((content) => promisify(gzip)(content))
    kept.set(key, compressed)
    compressed.catch(() => kept.delete(key))
    const content = await compressed
    reply.header('content-encoding', 'gzip').header('content-length', content.length)
    return content
  })
}
