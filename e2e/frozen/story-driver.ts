/**
 * Plays the scripts of stories in one lab and returns the events of each line. A line of a script is a command, `until
 * <condition>` as in a scenario, which waits after the line before it, `tcp <id> <line>`, which types a line at the
 * node's own port, or `kill <id>`, which ends its process from outside. After each line the driver waits until the lab
 * is quiet.
 */
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as later } from 'node:timers/promises'
import { startLab, type TestLab } from '../../server/test-support/lab-process.ts'
import { explainMismatch } from '../../shared/language/condition.ts'
import { parseScenario } from '../../shared/language/scenario.ts'
import type { LabEvent } from '../../shared/model/event.ts'
import { type LabState, linkOf, type MessageState } from '../../shared/model/lab-state.ts'
import { readRecording } from '../../shared/wire/recording-reader.ts'

/** A played line, and the events that it caused, in order of time. */
export interface Played {
  readonly line: string
  readonly events: readonly LabEvent[]
}

export interface PlayedStories {
  /** By script. */
  readonly stories: readonly (readonly Played[])[]
  /** TCP and UDP port of node 0, which scripts call 20000 and 40000. */
  readonly basePort: number
  readonly rootId: number
}

/** No timer ends within a story, nothing is repeated, and no coin goes on. A script resets its other changes. */
const BEFORE_EACH = 'set fanout=2 window=16 retries=0 coin=0 ackTimeoutMs=600000 antiEntropyMs=3600000'
/** A command without effect: its event separates the events of one line from those of the next. */
const DIVIDER = 'help exit'
const LOOK_EVERY_MS = 5
const WAIT_LIMIT_MS = 30_000

export async function playStories(scripts: readonly (readonly string[])[]): Promise<PlayedStories> {
  const lines = scripts.flatMap((script) => [BEFORE_EACH, ...script])
  const folder = await mkdtemp(join(tmpdir(), 'rs-'))
  const file = join(folder, 'stories.jsonl')
  try {
    const lab = await startLab({ nodes: 1, args: ['--record', file] })
    const { basePort, rootId } = lab
    try {
      for (const line of lines) await play(lab, line)
    } finally {
      await lab.stop()
    }
    const events = inOrder(await readFile(file, 'utf8'))
    const played = lines.filter(isDeed).map((line, place): Played => ({ line, events: events[place + 1] ?? [] }))
    const stories = scripts.map((script) => played.splice(0, 1 + script.filter(isDeed).length).slice(1))
    return { stories, basePort, rootId }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const isDeed = (line: string) => !line.startsWith('until ')

async function play(lab: TestLab, line: string) {
  if (!isDeed(line)) {
    const isSo = conditionOf(line)
    return waitFor(lab, line, (state) => isSo(state) && isQuiet(state))
  }
  await lab.command(DIVIDER)
  const [verb = '', id = '', ...rest] = line.split(' ')
  if (verb === 'tcp') await type(lab.basePort + Number(id), rest.join(' '))
  else if (verb === 'kill') await kill(lab, Number(id))
  else await lab.command(line.replace(/\b2000(\d)\b/g, (_, place) => `${lab.basePort + Number(place)}`))
  await waitFor(lab, line, / msg /.test(line) ? isQuiet : isStill)
}

async function kill(lab: TestLab, id: number) {
  process.kill((await lab.state()).nodes[id]?.pid ?? 0, 'SIGKILL')
  await waitFor(lab, `kill ${id}`, ({ nodes }) => nodes[id]?.status === 'killed')
}

function conditionOf(line: string) {
  const parsed = parseScenario(line)
  const [step] = parsed.ok ? parsed.steps : []
  if (step?.kind !== 'until') throw new Error(`no condition: ${line}`)
  return (state: LabState) => explainMismatch(state, step.condition) === undefined
}

async function waitFor(lab: TestLab, line: string, isSo: (state: LabState) => boolean) {
  const until = performance.now() + WAIT_LIMIT_MS
  for (;;) {
    const state = await lab.state()
    if (isSo(state)) return
    if (performance.now() > until)
      throw new Error(`after '${line}' it is still not so:\n${JSON.stringify({ ...state, commands: [] })}`)
    await later(LOOK_EVERY_MS)
  }
}

/** No datagram is in the air, and no node is starting. */
const isStill = ({ inFlight, nodes }: LabState): boolean =>
  Object.keys(inFlight).length === 0 && nodes.every(({ status }) => status !== 'starting')

/** It is quiet, and the node that forwarded a message has its acknowledgement. */
const isQuiet = (lab: LabState): boolean =>
  isStill(lab) &&
  lab.messages.every((message) =>
    Object.entries(message.copies).every(([id, { from }]) => isAcknowledged(lab, message, Number(id), from)),
  )

/** Also quiet if the answer is lost or held: the link back is faulty, or an end of it does not run. */
function isAcknowledged(
  lab: LabState,
  { origin, seq, copies }: MessageState,
  id: number,
  from: number | null,
): boolean {
  const sender = lab.nodes.find(({ port }) => port === from)
  const holder = lab.nodes[id]
  if (sender?.status !== 'running' || holder?.status !== 'running') return true
  // It has begun another life since, which knows nothing of it.
  if ((copies[id]?.at ?? 0) < (sender.startedAt ?? 0)) return true
  const { cut, loss, hold } = linkOf(lab, id, sender.id)
  return cut || loss > 0 || hold || (sender.heard[holder.port]?.[origin] ?? 0) > seq
}

/** Types a line as proxy.py does, and reads until the node closes the connection or has carried the line out. */
async function type(port: number, line: string) {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  // The answer to the second line shows that the first one has been carried out.
  socket.write(`${line}\nget chatLog\n`)
  await Promise.race([once(socket, 'data'), once(socket, 'close')])
  socket.destroy()
}

/** The events between the separators. `n` follows the order of time, except for late reports of a busy machine. */
function inOrder(recording: string): readonly (readonly LabEvent[])[] {
  const read = readRecording(recording)
  if (!read.ok || read.recording.note !== null) throw new Error(`the recording is incomplete: ${JSON.stringify(read)}`)
  const parts: LabEvent[][] = [[]]
  for (const event of [...read.recording.events].sort((a, b) => a.at - b.at)) {
    if (event.type === 'command' && event.line === DIVIDER) parts.push([])
    else parts.at(-1)?.push(event)
  }
  return parts
}
