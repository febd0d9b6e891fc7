/**
 * Serves the page with hot reload, against a lab that is built and started again when one of its sources changes:
 *
 *     npm run dev [-- option of the lab ...]     then open the address that it prints
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { watch } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createBuilder, createServer } from 'vite'
import { ROOT, say } from './prepare/run.mjs'

/** Folders that the lab is built from; the page reloads its own parts by itself. */
const SOURCES = ['server', 'shared', 'lessons']
/** Time to wait for further writes of an editor before one build for all of them, in ms. */
const QUIET_MS = 100

const args = process.argv.slice(2)
const { port = '5450' } = parseArgs({ args, options: { port: { type: 'string' } }, strict: false }).values

let lab
let building = false
let isStale = false
let timer

await restart()
const page = await createServer({
  server: { host: '127.0.0.1', proxy: { '/api': { target: `http://127.0.0.1:${port}`, ws: true } } },
})
await page.listen()
page.printUrls()
for (const folder of SOURCES) {
  watch(join(ROOT, folder), { recursive: true }, (_event, name) => {
    if (/\.test\.ts$/.test(name ?? '')) return
    clearTimeout(timer)
    timer = setTimeout(restart, QUIET_MS)
  })
}
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    lab?.kill('SIGTERM')
    process.exit(0)
  })

/** Builds the lab and starts it in place of the running one. After a failed build the running one stays. */
async function restart() {
  isStale = true
  if (building) return
  building = true
  while (isStale) {
    isStale = false
    try {
      await build()
      await start()
    } catch (error) {
      say(`not built: ${error.message}`)
    }
  }
  building = false
}

async function build() {
  const builder = await createBuilder({ logLevel: 'error' })
  for (const part of ['node', 'server']) await builder.build(builder.environments[part])
}

async function start() {
  if (lab?.exitCode === null) {
    const ended = once(lab, 'exit')
    lab.kill('SIGTERM')
    await ended
  }
  lab = spawn(process.execPath, [join(ROOT, 'dist/server/main.js'), '--no-open', ...args], {
    stdio: ['inherit', 'pipe', 'inherit'],
  })
  lab.stdout.pipe(process.stdout)
  // The lab prints its address once it responds.
  await Promise.race([once(lab.stdout, 'data'), once(lab, 'exit')])
}
