/** Listens for bin/process and bin/stopall in this supervisor. */
import { rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import * as z from 'zod/mini'
import { type Lab, LabRefusal } from '../../shared/lab/lab.ts'
import { parseCommand } from '../../shared/language/command.ts'
import type { End } from '../../shared/model/event.ts'
import { faultWords } from '../../shared/text/refusal.ts'
import { complainOf } from '../platform/fault.ts'
import { EXIT } from '../platform/node-link.ts'
import { expectedWords } from '../platform/refusal.ts'
import { connectToSupervisor, type HandoffReply, handoffSocket, readJsonLines } from '../platform/runtime/handoff.ts'
import { addressProblem } from '../platform/system-errors.ts'

const port = z.int().check(z.minimum(1), z.maximum(65_535))
const count = z.int().check(z.minimum(0), z.maximum(65_535))
const requestSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('run'), id: count, n: count, port, rootId: z.nullable(port) }),
  z.strictObject({ type: z.literal('not-ready'), line: z.string(), why: z.string() }),
  z.strictObject({ type: z.literal('stop-all') }),
])
type Request = z.infer<typeof requestSchema>
type Run = Extract<Request, { type: 'run' }>

/**
 * Listens for handoffs. Resolves with undefined when another supervisor already listens: bin/process continues to use
 * that one.
 * @throws (rejects) when the socket cannot be created.
 */
export async function openHandoff(lab: Lab, directory: string): Promise<Server | undefined> {
  const other = await connectToSupervisor(directory)
  if (other) {
    other.destroy()
    return undefined
  }
  const path = handoffSocket(directory)
  // A killed supervisor left it. A pipe of Windows is no file, and ends with its process.
  if (process.platform !== 'win32') rmSync(path, { force: true })
  const server = createServer((socket) => serve(lab, socket))
  return new Promise((resolve, reject) => {
    // A supervisor that has started since uses it.
    server.on('error', (error) => (addressProblem(error)?.isInUse ? resolve(undefined) : reject(error)))
    server.listen(path, () => resolve(server))
  })
}

function serve(lab: Lab, socket: Socket) {
  socket.on('error', () => socket.destroy())
  readJsonLines(socket, (message) => {
    const request = requestSchema.safeParse(message)
    if (!request.success) return reply(socket, { type: 'refused', why: 'not a handoff' })
    carryOut(lab, socket, request.data).catch((error: Error) => {
      if (!(error instanceof LabRefusal)) complainOf(error)
      const why = expectedWords(error) ?? faultWords(error)
      // The page shows it, because proxy.py discards the output of the process.
      if (request.data.type === 'run') noteProxyLine(lab, lineOf(request.data), why)
      reply(socket, { type: 'refused', why })
    })
  })
}

async function carryOut(lab: Lab, socket: Socket, request: Request): Promise<void> {
  if (request.type === 'run') await run(lab, socket, request)
  else if (request.type === 'not-ready') noteProxyLine(lab, request.line, request.why)
  else reply(socket, { type: 'stopped', count: await lab.stopAll() })
}

/** Runs a node for as long as the connection lasts, so that ending bin/process ends the node. */
async function run(lab: Lab, socket: Socket, request: Run): Promise<void> {
  const { id, n, port, rootId } = request
  if (rootId !== null && rootId !== lab.settings.rootId) return reply(socket, { type: 'not-mine' })
  const line = lineOf(request)
  const checked = parseCommand(line)
  if (!checked.ok) throw new LabRefusal(checked.error)
  const { started } = await lab.startInLineOf(id, n, port)
  noteProxyLine(lab, line)
  const life = lab.endOf(id)
  // The node may have ended since.
  if (!life) return reply(socket, { type: 'ended', code: EXIT.failed })
  reply(socket, { type: 'running' })
  const letGo = () => {
    if (started === 'a process') void lab.stop(id, life)
    else if (started === 'an interface') void lab.unlisten(id, port, life)
  }
  // The client may have gone while the node started.
  if (socket.destroyed) letGo()
  else socket.once('close', letGo)
  reply(socket, { type: 'ended', code: exitCodeOf(await life) })
}

const lineOf = ({ id, n, port }: Run) => `${id} start ${n} ${port}`

function noteProxyLine(lab: Lab, line: string, error?: string) {
  lab.sequencer.append({ type: 'command', by: 'proxy', line, output: [], ...(error === undefined ? {} : { error }) })
}

function exitCodeOf(end: End): number {
  if (end.how === 'crashed') return EXIT.crashed
  return end.how === 'stopped' ? EXIT.ok : EXIT.failed
}

function reply(socket: Socket, message: HandoffReply) {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`)
}
