/** `npm start`: starts the nodes of a lab, then listens; leaves no process behind however it ends. */

import { existsSync } from 'node:fs'
import type { Server } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import { Lab } from '../../shared/lab/lab.ts'
import { formatDate } from '../../shared/text/format.ts'
import { Refusal } from '../../shared/text/refusal.ts'
import { buildApp, urlOf, viewersAddresses } from '../app.ts'
import { type Access, accessFor } from '../http/access.ts'
import { addressesOf } from '../platform/addresses.ts'
import { complainOf, runProgram } from '../platform/fault.ts'
import { labMachine } from '../platform/lab-machine.ts'
import { ensureRuntimeDirectory, runtimeDirectory } from '../platform/runtime/directory.ts'
import { type AddressProblem, addressProblem, FIRST_FREE_PORT } from '../platform/system-errors.ts'
import { complain, print } from '../platform/terminal.ts'
import { recordItself } from '../recorder/autosave.ts'
import { namedRecording } from '../recorder/named-recording.ts'
import { type Recorder, record } from '../recorder/recorder.ts'
import { RecordingRefusal, requireRecordable } from '../recorder/recording-files.ts'
import { recordingProblems } from '../recorder/recording-problems.ts'
import { forgetOldLabs, type SavedLab, savedLabs, savedLabsFolder } from '../recorder/saved-labs.ts'
import { openHandoff } from './handoff-server.ts'
import { labHost, ProgramRefusal } from './lab-host.ts'
import { canShow, openBrowser } from './open-browser.ts'
import { DEFAULT_PORT, MAX_PORT, type Options, parseOptions, USAGE } from './options.ts'

/** Distance between two proposed ports when the system reserves one: it reserves some hundreds in a row. */
const RESERVED_STEP = 1_000

/** The words that start this lab: from a checkout, or as a command. */
const LAB_COMMAND = process.env.npm_lifecycle_event === 'start' ? 'npm start --' : 'rumorscope'

// This file runs as dist/server/main.js.
const built = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

// The nodes run in processes of their own, and the lab goes on.
process.on('unhandledRejection', complainOf)

await runProgram(async () => {
  const options = parseOptions(process.argv.slice(2))
  if (options !== null && typeof options !== 'string') return run(options).catch(unusable)
  if (options === null) print(...USAGE.split('\n'))
  else complain(...options.split('\n'))
  return options === null ? 0 : 2
})

function unusable(error: unknown): number {
  if (!(error instanceof ProgramRefusal || error instanceof RecordingRefusal)) throw error
  complain(error.message)
  return 2
}

async function run(options: Options): Promise<undefined> {
  const { host, names, settings } = options
  const runtime = ensureRuntimeDirectory(runtimeDirectory(process.env, complain))
  const nodes = await labHost(options, settings, runtime)
  if (options.record !== undefined) await requireRecordable(options.record)
  const lab = new Lab({
    settings,
    host: nodes,
    platform: labMachine,
  })
  const problems = recordingProblems(lab)
  const saved = await savedLabs(savedLabsFolder())
  const [lastLab] = options.recording === undefined ? saved : [namedRecording(options.recording)]
  const page = built('web')
  const access = accessFor(host, names)
  const onForwarded = () => {
    // A key that is always needed has been printed already; nobody may cause a second print before a class.
    if (!access.needsKey) tellOfForwarder(app, options, access)
  }
  let recorder: Recorder | undefined
  let autosave: Recorder | undefined
  let handoff: Server | undefined
  const app = await buildApp({
    lab,
    host,
    names,
    access,
    onForwarded,
    ...(existsSync(page) ? { page } : {}),
    ...(lastLab ? { lastLab } : {}),
  })
  try {
    const address = await listen(app, options)
    // Comes before the nodes start: stopall also ends a lab that is still starting, after all its nodes have started.
    handoff = await openHandoff(lab, runtime)
    await lab.startNetwork(settings)
    // Comes late: a lab that does not start keeps the previous recording in its place. The recording has all events
    // from the start.
    if (options.record !== undefined) recorder = await record(lab, options.record, { complain, note: problems() })
    if (options.autosave) autosave = recordItself(lab, savedLabsFolder(), { complain, note: problems() })
    await forgetOldLabs(saved)
    if (!handoff) complain('another lab already shows the nodes that bin/process starts; this lab does not')
    endWith(async () => {
      handoff?.close()
      await Promise.all([lab.close(), app.close()])
      await autosave?.close()
      return (await recorder?.close()) ?? true
    })
    if (access.needsKey) await invite(app, options, access)
    else print(`Rumorscope is on ${address}`)
    if (lastLab) print(lastLabWords(lastLab))
  } catch (error) {
    handoff?.close()
    await lab.close()
    await autosave?.close()
    await recorder?.close()
    throw error
  }
}

/** Prints once where the presenter acts, and where everybody else watches. */
async function invite(app: FastifyInstance, { host, names, open }: Options, access: Access) {
  const presenter = presentersAddress(app, host)
  const viewers = viewersAddresses(app, host, names)
  print(`Rumorscope is on ${presenter}/#key=${access.key}`)
  print('  Anyone with this address can control the lab. Keep it secret.')
  print('  Its ending (/#key=…) also works after every other address of the lab.')
  print(viewers.length > 0 ? 'Everybody else can watch at' : 'Nobody else can watch: this machine has no other address')
  for (const address of viewers) print(`  ${address}`)
  const isTerminal = process.stdout.isTTY === true
  if (open && canShow({ platform: process.platform, env: process.env, isTerminal }))
    await openBrowser(`${presenter}/#key=${access.ticket()}`)
}

function lastLabWords({ endedAt, files, opens }: SavedLab): string {
  if (opens !== undefined) return `The page opens the recording ${files.at(-1)}`
  return `The last lab ended ${formatDate(endedAt)}. The page offers to open its recording: ${files.at(-1)}`
}

/**
 * Prints once how the presenter acts from the other end of a tunnel. It prints this machine's address: the origin in a
 * request can be forged, and the key must not go there.
 */
function tellOfForwarder(app: FastifyInstance, { host }: Options, access: Access) {
  print('Somebody reached the lab through a tunnel or proxy. Anyone can watch that way; only the key gives control.')
  print(`Your address with the key is ${presentersAddress(app, host)}/#key=${access.key}`)
  print('  Its ending (/#key=…) also works after the address of the tunnel. Keep it secret.')
}

/** If the lab listens on all addresses, the presenter's address is on loopback. */
function presentersAddress(app: FastifyInstance, host: string): string {
  return urlOf(app, host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host)
}

/**
 * Ctrl-C, a closed terminal or a SIGTERM end the nodes first; after a SIGKILL of this process they end by themselves.
 * `close` resolves with whether everything was saved.
 */
function endWith(close: () => Promise<boolean>) {
  let closing = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (closing) return
      closing = true
      close().then(
        (isWhole) => process.exit(isWhole ? 0 : 1),
        (error) => {
          complainOf(error)
          process.exit(1)
        },
      )
    })
}

/** @throws (rejects) Refusal that says what to do, if the address is unavailable. */
async function listen(app: FastifyInstance, { host, port }: Options): Promise<string> {
  try {
    return await app.listen({ host, port })
  } catch (error) {
    const problem = addressProblem(error)
    if (problem) throw new Refusal(`${problem.what}${wayOut(problem)}`)
    // The system reports EINVAL for addresses that no machine can have, such as multicast ones.
    if (!['EADDRNOTAVAIL', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    const others = addressesOf('::').join(', ')
    throw new Refusal(`this machine has no address ${host}; it has ${others}. 0.0.0.0 stands for all of them`)
  }
}

/** The page's port is unavailable. */
function wayOut({ port, isInUse }: AddressProblem): string {
  if (port === undefined) return ''
  const next = port + (isInUse ? 1 : RESERVED_STEP)
  const other = next > MAX_PORT || (!isInUse && port < FIRST_FREE_PORT) ? DEFAULT_PORT : next
  return `${isInUse ? ', perhaps by another lab' : ''}. Choose another: ${LAB_COMMAND} --port ${other}`
}
