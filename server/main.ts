/** `npm start`: the lab. Starts the nodes, then listens; leaves nothing behind however it ends. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import { addressesOf } from './addresses.ts'
import { buildApp, urlOf } from './app.ts'
import { canShow, openBrowser } from './open-browser.ts'
import { DEFAULT_PORT, MAX_PORT, type Options, parseOptions, USAGE } from './options.ts'
import { type Access, accessFor } from './routes/access.ts'
import { ensureRuntimeDirectory, RuntimeRefusal, runtimeDirectory } from './runtime/directory.ts'
import { openHandoff } from './supervisor/handoff-server.ts'
import { Lab, LabRefusal } from './supervisor/lab.ts'
import { type Recorder, record } from './supervisor/recorder.ts'
import { type AddressProblem, addressProblem } from './system-errors.ts'

// This file runs as dist/server/main.js.
const built = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

// Nobody reads on: `npm start | head` must not end the lab.
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})
// A defect of ours. The nodes run in processes of their own, and the lab goes on.
process.on('unhandledRejection', (error) => console.error('a promise was rejected and nobody listened:', error))

const options = parseOptions(process.argv.slice(2))
if (options === null) console.log(USAGE)
else if (typeof options === 'string') leave(options, 2)
else await run(options).catch((error) => leave(explain(error, options), 1))

async function run(options: Options) {
  const { host, port, names, settings } = options
  const runtime = ensureRuntimeDirectory(runtimeDirectory(process.env, console.error))
  const lab = new Lab({ settings, bundle: built('node/process.cjs'), runtime })
  const recorder = await startRecording(lab, options.record)
  const page = built('web')
  const access = accessFor(host, names)
  const onForwarded = () => {
    // Where the key is needed in any case it has been printed, and nobody can have it printed again before a class.
    if (!access.needsKey) tellOfForwarder(app, options, access)
  }
  const app = await buildApp({ lab, host, names, access, onForwarded, ...(existsSync(page) ? { page } : {}) })
  try {
    const address = await app.listen({ host, port })
    await lab.startNetwork(settings)
    const handoff = await openHandoff(lab, runtime)
    if (!handoff) console.error('another lab takes what bin/process starts; this one does not')
    endWith(async () => {
      handoff?.close()
      await Promise.all([lab.close(), app.close()])
      await recorder?.close()
    })
    if (access.needsKey) await invite(app, options, access)
    else console.log(`Rumorscope is on ${address}`)
  } catch (error) {
    await lab.close()
    await recorder?.close()
    throw error
  }
}

async function startRecording(lab: Lab, path: string | undefined): Promise<Recorder | undefined> {
  if (path === undefined) return undefined
  return record(lab, path, { complain: (what) => console.error(what) })
}

/** Says once where the presenter acts, and where everybody else watches. */
async function invite(app: FastifyInstance, { host, names, open }: Options, access: Access) {
  const presenter = presentersAddress(app, host)
  const viewers = [...addressesOf(host).map((address) => urlOf(app, address)), ...names]
  console.log(`Rumorscope is on ${presenter}/#key=${access.key}`)
  console.log('  Anyone with this address can control the lab: keep it to yourself.')
  console.log('  Its ending (/#key=…) works behind each other address of the lab, too.')
  console.log(
    viewers.length > 0 ? 'Everybody else watches on' : 'Nobody else can watch: this machine has no other address',
  )
  for (const address of viewers) console.log(`  ${address}`)
  const isTerminal = process.stdout.isTTY === true
  if (open && canShow({ platform: process.platform, env: process.env, isTerminal }))
    await openBrowser(`${presenter}/#key=${access.ticket()}`)
}

/**
 * Says once how the presenter acts from the other end of a tunnel. The address is this machine's: what a request says of
 * where it comes from can be forged, and the key must not be sent there.
 */
function tellOfForwarder(app: FastifyInstance, { host }: Options, access: Access) {
  console.log(
    'Somebody reached the lab through a tunnel or proxy. Anyone can watch that way; only the key gives control.',
  )
  console.log(`Your address with the key is ${presentersAddress(app, host)}/#key=${access.key}`)
  console.log('  Its ending (/#key=…) works behind the address of the tunnel, too. Keep it to yourself.')
}

/** With all of this machine's addresses the presenter's stays on it. */
function presentersAddress(app: FastifyInstance, host: string): string {
  return urlOf(app, host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host)
}

/** Ctrl-C, a closed terminal or a polite kill end the nodes first; if this process is shot they end by themselves. */
function endWith(close: () => Promise<void>) {
  let closing = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (closing) return
      closing = true
      close().then(
        () => process.exit(0),
        (error) => leave(explain(error), 1),
      )
    })
}

function explain(error: unknown, { host }: Pick<Options, 'host'> = { host: '' }): string {
  if (error instanceof LabRefusal || error instanceof RuntimeRefusal) return error.message
  if (!(error instanceof Error)) return String(error)
  const problem = addressProblem(error)
  if (problem) return `${problem.what}${wayOut(problem)}`
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EADDRNOTAVAIL')
    return `this machine has no address ${host}; it has ${addressesOf('::').join(', ')}. 0.0.0.0 is all of them`
  // What the system refuses is told in its words; anything else is a defect of ours.
  return code === undefined ? (error.stack ?? error.message) : error.message
}

/** Where the page's port cannot be had. */
function wayOut({ port, isInUse }: AddressProblem): string {
  if (port === undefined) return ''
  const other = isInUse && port < MAX_PORT ? port + 1 : DEFAULT_PORT
  return `${isInUse ? ', perhaps by another lab' : ''}. Choose another: npm start -- --port ${other}`
}

function leave(why: string, code: number): never {
  console.error(why)
  process.exit(code)
}
