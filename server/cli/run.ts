/** `rumorscope run FILE`: a lab of its own, without a page, that lasts as long as the file. */

import { readFileSync, statSync } from 'node:fs'
import { createRandom } from '../../shared/gossip/random.ts'
import { Lab } from '../../shared/lab/lab.ts'
import { scenarioLab } from '../../shared/lab/scenario-lab.ts'
import { parseScenario, type ScenarioLine } from '../../shared/language/scenario.ts'
import { runScenario, type ScenarioWorld } from '../../shared/language/scenario-run.ts'
import type { LabSettings } from '../../shared/model/lab-settings.ts'
import { Refusal } from '../../shared/text/refusal.ts'
import { readText } from '../../shared/text/text-file.ts'
import { freeBlock } from '../hosts/ports.ts'
import { runProgram } from '../platform/fault.ts'
import { labMachine } from '../platform/lab-machine.ts'
import { ensureRuntimeDirectory, runtimeDirectory } from '../platform/runtime/directory.ts'
import { fileWords } from '../platform/system-errors.ts'
import { complain, print } from '../platform/terminal.ts'
import { type Recorder, record } from '../recorder/recorder.ts'
import { RecordingRefusal, requireRecordable } from '../recorder/recording-files.ts'
import { labHost, ProgramRefusal } from './lab-host.ts'
import { parseRunOptions, RUN_USAGE, type RunOptions } from './run-options.ts'

/** The exit codes. */
const FAILED = 1
const UNUSABLE = 2

await runProgram(async () => {
  const options = parseRunOptions(process.argv.slice(2))
  if (options !== null && typeof options !== 'string') return runFile(options).catch(unusable)
  if (options === null) print(...RUN_USAGE.split('\n'))
  else complain(...options.split('\n'))
  return options === null ? 0 : UNUSABLE
})

function unusable(error: unknown): number {
  if (!(error instanceof RecordingRefusal || error instanceof ProgramRefusal)) throw error
  complain(error.message)
  return UNUSABLE
}

async function runFile(options: RunOptions): Promise<number> {
  const steps = readSteps(options.file)
  const settings = await settingsFor(options, steps)
  const { file, repeatable, record: path } = options
  const runtime = ensureRuntimeDirectory(runtimeDirectory(process.env, complain))
  const host = await labHost(options, settings, runtime)
  if (path !== undefined) {
    await requireRecordable(path)
    requireOther(path, file)
  }
  const lab = new Lab({
    settings,
    host,
    platform: labMachine,
    ...(repeatable ? { seedOf: seedsFrom(settings.seed) } : {}),
  })
  let recorder: Recorder | undefined
  const carryOut = async () => {
    await (startsItsOwn(steps) ? lab.openNetwork(settings) : lab.startNetwork(settings))
    // A run that does not start keeps the previous recording in its place.
    if (path !== undefined) recorder = await record(lab, path, { complain })
    return runScenario(steps, worldOf(lab, options))
  }
  let failures = 0
  let isWhole = true
  try {
    failures = await Promise.race([carryOut(), interruption()])
  } finally {
    await lab.close()
    isWhole = (await recorder?.close()) ?? true
  }
  return failures === 0 && isWhole ? 0 : FAILED
}

/** @throws RecordingRefusal if the recording would replace the scenario. */
function requireOther(path: string, file: string) {
  const [there, scenario] = [path, file].map((name) => statSync(name, { throwIfNoEntry: false }))
  if (there && there.ino === scenario?.ino && there.dev === scenario.dev)
    throw new RecordingRefusal(`${path} is the scenario itself: record to another file`)
}

/** Rejects when a signal ends the run, after its nodes have ended. After a SIGKILL they end by themselves. */
function interruption(): Promise<never> {
  return new Promise((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => reject(new Refusal(`ended by ${signal} before the end of the file`)))
  })
}

/** Adapts the lab for a scenario. Only the end of this process stops the run. */
function worldOf(lab: Lab, { file, ownPorts }: RunOptions): ScenarioWorld {
  return {
    ...scenarioLab(lab),
    later(run, ms) {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
    print: (line) => print(line),
    complain: (what, { line, text }) => complain(`${file}:${line}: ${text.trim()}: ${what}`),
    portOf: (id, port) => (ownPorts ? port : lab.settings.basePort + id),
    mayGoOn: async () => true,
    signal: new AbortController().signal,
  }
}

function readSteps(file: string): readonly ScenarioLine[] {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(file)
  } catch (error) {
    leave([`${file} cannot be read: ${fileWords(error as Error)}`], UNUSABLE)
  }
  const read = readText(bytes)
  const scenario = read.ok ? parseScenario(read.text) : { ok: false as const, problems: [read] }
  if (scenario.ok) return scenario.steps
  const problems = scenario.problems.map(({ line, column, error }) => `${file}:${line}:${column}: ${error}`)
  leave(problems, UNUSABLE)
}

/** Returns whether the file starts its nodes, as the course's files do, or expects them to run. */
function startsItsOwn(steps: readonly ScenarioLine[]): boolean {
  const first = steps.find((step) => step.kind === 'command')?.command
  return first?.kind === 'start' || first?.kind === 'network'
}

/** Returns free ports for the number of nodes in the file. */
async function settingsFor(
  { settings, ownPorts, ownRoot }: RunOptions,
  steps: readonly ScenarioLine[],
): Promise<LabSettings> {
  const commands = steps.flatMap((step) => (step.kind === 'command' ? [step.command] : []))
  const sizes = commands.flatMap((command) =>
    command.kind === 'start' || command.kind === 'network' ? [command.n] : [],
  )
  const sized = { ...settings, n: startsItsOwn(steps) ? (sizes[0] ?? settings.n) : settings.n }
  if (ownPorts) return sized
  const free = await freeBlock(Math.max(sized.n, ...sizes))
  return { ...sized, ...free, ...(ownRoot ? { rootId: sized.rootId } : {}) }
}

/** Returns the same seeds in every run, and another one for every life of every node. */
function seedsFrom(seed: number): (id: number, generation: number) => number {
  return (id, generation) => createRandom(seed * 1_000_003 + id * 65_537 + generation).below(2 ** 31)
}

function leave(why: readonly string[], code: number): never {
  complain(...why)
  process.exit(code)
}
