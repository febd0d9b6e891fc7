/** Runs parts of a long check, one after the other, and prints a line for each, with its time and its counts. */
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Number of output lines of a failed part that are printed: the rest is in its file. */
const TOLD_LINES = 40

export interface Part {
  readonly name: string
  readonly command: readonly string[]
  /** Matches its output when it passes: a run that counted nothing has tested nothing. */
  readonly counted: RegExp
}

interface Options {
  readonly cwd: string
  /** Folder for a file `<name>.log` per part, with all its output. */
  readonly folder: string
  say(line: string): void
}

/** Runs every part, also after a failed one. Returns the number of failures. */
export async function runParts(parts: readonly Part[], { cwd, folder, say }: Options): Promise<number> {
  mkdirSync(folder, { recursive: true })
  let failed = 0
  for (const { name, command, counted } of parts) {
    const began = performance.now()
    const { ending, output } = await run(command, cwd)
    const seconds = Math.round((performance.now() - began) / 1_000)
    const log = join(folder, `${name.replaceAll(/\W+/g, '-')}.log`)
    writeFileSync(log, output)
    const [count] = output.match(counted) ?? []
    if (ending === 0 && count !== undefined) {
      say(`passed  ${name}: ${count}, ${seconds} s`)
      continue
    }
    failed += 1
    const why = ending === 0 ? 'it counted nothing' : `exit ${ending}`
    say(`FAILED  ${name}: ${why}, ${seconds} s; all that it said is in ${log}`)
    say(output.trimEnd().split('\n').slice(-TOLD_LINES).join('\n'))
  }
  return failed
}

/** Resolves with an exit code or a signal, and all output. */
function run([program = '', ...args]: readonly string[], cwd: string) {
  const env = { ...process.env, NO_COLOR: '1' }
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], env })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      output += text
    })
  child.on('error', (error) => {
    output += `${program} could not be started: ${error.message}\n`
  })
  return new Promise<{ ending: number | string; output: string }>((resolve) => {
    child.on('close', (code, signal) => resolve({ ending: code ?? signal ?? 1, output }))
  })
}
