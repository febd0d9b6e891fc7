/** Where bin/process and bin/stopall reach this supervisor. */
import { rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import * as z from 'zod/mini'
import { parseCommand } from '../../shared/command.ts'
import type { End } from '../../shared/event.ts'
import { EXIT } from '../node-link.ts'
import { connectToSupervisor, type HandoffReply, handoffSocket, readJsonLines } from '../runtime/handoff.ts'
import { type Lab, LabRefusal } from './lab.ts'

const port = z.int().check(z.minimum(1), z.maximum(65_535))
const count = z.int().check(z.minimum(0), z.maximum(65_535))
const requestSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('run'), id: count, n: count, port, rootId: z.nullable(port) }),
  z.strictObject({ type: z.literal('stop-all') }),
])
type Request = z.infer<typeof requestSchema>
type Run = Extract<Request, { type: 'run' }>

/**
 * Listens for handoffs. Undefined when another supervisor does already: bin/process then goes on going to that one.
 * @throws (rejects) when the socket cannot be made.
 */
export async function openHandoff(lab: Lab, directory: string): Promise<Server | undefined> {
  const other = await connectToSupervisor(directory)
  if (other) {
    other.destroy()
    return undefined
  }
  // Left over from a supervisor that was killed.
  rmSync(handoffSocket(directory), { force: true })
  const server = createServer((socket) => serve(lab, socket))
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(handoffSocket(directory), () => resolve(server))
  })
}

function serve(lab: Lab, socket: Socket) {
  socket.on('error', () => socket.destroy())
  readJsonLines(socket, (message) => {
    const request = requestSchema.safeParse(message)
    if (!request.success) return reply(socket, { type: 'refused', why: 'not a handoff' })
    if (request.data.type === 'run') void run(lab, socket, request.data)
    else void lab.stopAll().then((stopped) => reply(socket, { type: 'stopped', count: stopped }))
  })
}

/** Runs a node for as long as the connection lasts: whoever ends bin/process ends what it stands for. */
async function run(lab: Lab, socket: Socket, { id, n, port, rootId }: Run) {
  if (rootId !== null && rootId !== lab.settings.rootId) return reply(socket, { type: 'not-mine' })
  const checked = parseCommand(`${id} start ${n} ${port}`)
  if (!checked.ok) return reply(socket, { type: 'refused', why: checked.error })
  const wasRunning = lab.isRunning(id)
  try {
    await lab.startInLineOf(id, n, port)
  } catch (error) {
    if (!(error instanceof LabRefusal)) throw error
    return reply(socket, { type: 'refused', why: error.message })
  }
  lab.journal.append({ type: 'command', by: 'proxy', line: `${id} start ${n} ${port}`, output: [] })
  reply(socket, { type: 'running' })
  const ended = lab.endOf(id)
  ended?.then((end) => reply(socket, { type: 'ended', code: exitCodeOf(end) }))
  socket.once('close', () => {
    if (!wasRunning && lab.endOf(id) === ended) void lab.stop(id)
    else if (wasRunning && port !== lab.settings.basePort + id) void lab.unlisten(id, port)
  })
}

function exitCodeOf(end: End): number {
  if (end.how === 'crashed') return EXIT.crashed
  return end.how === 'stopped' ? EXIT.ok : EXIT.failed
}

function reply(socket: Socket, message: HandoffReply) {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`)
}
