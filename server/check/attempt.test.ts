/** Tests runs of a real program in a network of its own, within the test's process. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { readRecording } from '../../shared/wire/recording-reader.ts'
import { processHost } from '../hosts/process-host.ts'
import type { Program } from '../hosts/program/program.ts'
import { GATE, gatePids, inPython } from '../test-support/foreign.ts'
import { BUNDLE, isAlive } from '../test-support/processes.ts'
import { attempt, discard } from './attempt.ts'
import type { CheckTest } from './check-test.ts'
import { readTests } from './course/pair.ts'
import { testOf } from './folder-tests.ts'
import { LoadMeter } from './load.ts'
import { OpenNetworks } from './open-networks.ts'
import { PortBlocks } from './port-blocks.ts'
import { type Attempt, isTooBusy } from './schedule.ts'
import { SUITE } from './suite/suite.ts'
import type { TestNetwork, TestNetworkOptions } from './test-network.ts'

const pair = (input: string, output: string) => testIn({ 'one.input': input, 'one.output': output })

function testIn(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'rs-pair-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const read = readTests(folder)
  const [first] = read.ok ? read.tests : []
  if (!first) throw new Error(JSON.stringify(read))
  return testOf(first, false)
}

/** All runs of this file leave their temporary files here. */
const FOLDER = mkdtempSync(join(tmpdir(), 'rs-check-test-'))
vi.stubEnv('TMPDIR', FOLDER)
const meter = new LoadMeter()
const ports = new PortBlocks()
const pids: number[] = []
afterAll(() => {
  vi.unstubAllEnvs()
  meter.close()
})

class WatchedNetworks extends OpenNetworks {
  override use<Result>(options: TestNetworkOptions, carryOut: (network: TestNetwork) => Promise<Result>) {
    return super.use(options, async (network) => {
      try {
        return await carryOut(network)
      } finally {
        pids.push(...network.events.flatMap((event) => (event.type === 'running' && event.pid ? [event.pid] : [])))
      }
    })
  }
}

interface Wanted {
  readonly run?: number
  readonly strict?: boolean
  /** Whether a run came out as wanted. A busy machine may need several attempts. */
  readonly isWanted?: (attempt: Attempt) => boolean
}

async function attempted(
  program: Program,
  test: CheckTest,
  { run = 1, strict = false, isWanted = ({ result, skipped }) => result.ok || skipped !== undefined }: Wanted = {},
) {
  const record = join(mkdtempSync(join(FOLDER, 'rs-recorded-')), 'rec')
  const options = {
    program,
    rootId: 40_000,
    gate: GATE,
    own: processHost({ bundle: BUNDLE, runtime: FOLDER }),
    env: process.env,
    ports,
    meter,
    seed: 1,
    strict,
    wire: undefined,
    record,
    networks: new WatchedNetworks(),
  }
  let outcome = await attempt(test, run, options)
  for (let more = 5; more > 0 && !isWanted(outcome) && isTooBusy(outcome.load, false); more -= 1) {
    discard(outcome)
    outcome = await attempt(test, run, options)
  }
  const { result, skipped } = outcome
  return { result, skipped, record }
}

const TWO = '0 start 2 20000\n1 start 2 20001\n'

test.concurrent('a correct program passes a pair of the course, and is measured', async () => {
  const test = pair(`${TWO}0 msg 1 Lexi\n1 get chatLog\n1 get chatLog\nexit\n`, "{'count': 2, 'mandatory': 'Lexi'}\n")
  const { result, record } = await attempted(inPython('text'), test)
  expect(result).toMatchObject({ ok: true, reasons: [], measures: { messages: 1, lost: 0, stale: 0, neverRead: 0 } })
  expect(result.measures?.latencyMs?.max).toBeGreaterThan(0)
  expect(result.measures?.datagramsPerMessage).toBeGreaterThan(1)
  // An attempt on a busy machine may have left the folder.
  expect(existsSync(record) ? readdirSync(record) : []).toEqual([])
})

test.concurrent('a failed run says how far the message came and how the node ended, and its recording opens there', async () => {
  const file = `0 start 3 20000\n1 start 3 20001\n2 start 3 20002\n1 crash\n0 msg 1 Bob\n2 get chatLog\nexit\n`
  // Node 1 may get the message before it ends.
  const words =
    /^the chat log of node 2 lacks “Bob”; “Bob” reached (1 of 3 nodes; last seen at node 0|2 of 3 nodes; last seen at node 1) at [\d.]+ s; node 1 ended at [\d.]+ s by SIGABRT \(free\(\): invalid pointer\)$/
  const isWanted = ({ result }: Attempt) => words.test(result.reasons[0]?.words ?? '')
  const { result } = await attempted(inPython('text', 'abort'), pair(file, 'Bob\n'), { isWanted })
  const [reason] = result.reasons
  expect(reason?.words).toMatch(words)
  const recording = readRecording(readFileSync(result.recording ?? '', 'utf8'))
  if (!recording.ok) throw new Error(recording.error)
  expect(recording.recording.header.opensAt).toEqual({
    event: reason?.event,
    words: `Run 1: ${reason?.words}. The page shows a message at a node only if the test read it in the chat log there.`,
  })
  const asked = recording.recording.events.flatMap((event) =>
    event.type === 'command' && event.line.endsWith('get chatLog') ? [event.by] : [],
  )
  // The lab has asked for nothing by itself.
  expect(asked).toEqual(['proxy'])
})

test.concurrent('a restarted program gets the number of nodes and the port that the file names', async () => {
  const printed = `#!/bin/sh\nexec python3 - "$@" <<'END'\nimport socket, sys\ns = socket.socket()\ns.bind(('127.0.0.1', int(sys.argv[3])))\ns.listen()\nc = s.accept()[0]\nwhile c.recv(100).startswith(b'get'):\n    c.sendall(('chatLog ' + '-'.join(sys.argv[1:]) + '\\n').encode())\nEND\n`
  const folder = mkdtempSync(join(tmpdir(), 'rs-args-'))
  writeFileSync(join(folder, 'process'), printed, { mode: 0o755 })
  const file = `${TWO}0 get chatLog\n0 crash\n0 start 5 20007\n0 get chatLog\n`
  const { result } = await attempted({ argv: [join(folder, 'process')], folder }, pair(file, '0-2-20000\n0-5-20007\n'))
  expect(result.reasons).toEqual([])
})

test.concurrent('a test that goes beyond the course fails a program only with --strict, and says why it does not count', async () => {
  const beyond = SUITE.find(({ name }) => name === 'empty chat log')
  if (!beyond) throw new Error('there is no such test')
  const words = 'without messages, node 0 answers get chatLog with nothing, and proxy.py waits for ever after it'
  const lenient = await attempted(inPython('sound', 'empty'), beyond)
  expect(lenient.result.ok).toBe(true)
  expect(lenient.skipped).toBe(`${words}; the course does not ask for this, so it counts only with --strict`)
  const isWanted = ({ result }: Attempt) => result.reasons[0]?.words === words
  const strict = await attempted(inPython('sound', 'empty'), beyond, { strict: true, isWanted })
  expect(strict.skipped).toBeUndefined()
  expect(strict.result.reasons.map((reason) => reason.words)).toEqual([words])
})

test.concurrent('a failed run also says what the lab finds wrong in its events, and where to look', async () => {
  const file = `${TWO}1 msg 1 old\n1 crash\n1 start 2 20001\n1 msg 2 new\n0 get chatLog\n`
  const isWanted = ({ result }: Attempt) =>
    /lacks “new”/.test(result.reasons[0]?.words ?? '') && result.reasons.length === 2
  const { result } = await attempted(inPython('sound', 'renumber'), pair(file, 'old,new\n'), { isWanted })
  expect(result.reasons.map((reason) => reason.words)).toEqual([
    expect.stringMatching(/^the chat log of node 0 lacks “new”/),
    expect.stringMatching(/^node 1 sent “new” under the number 40001\.0, which “old” has already\. Does the program/),
  ])
})

test.concurrent('a scenario passes, and one that needs what no program can do is skipped with the reason', async () => {
  const scenario = (text: string) => attempted(inPython('sound'), testIn({ 'one.scenario': text }))
  const [passed, skipped] = await Promise.all([
    scenario('network 2 line\nlink 0 1 cut on\n0 msg 1 hi\nlink 0 1 cut off\nexpect agreed\n'),
    scenario('network 2 line\nset antiEntropyMs=500\n0 msg 1 hi\nexpect agreed\n'),
  ])
  expect(passed).toMatchObject({ result: { ok: true }, skipped: undefined })
  expect(skipped.skipped).toMatch(/one\.scenario:2: set antiEntropyMs=500: node 0 does not support the settings/)
})

test('a run of which the gate ends says nothing about the program', async () => {
  const killed: CheckTest = {
    ...{ name: 'killed gate', rule: 'none', needs: 2, n: 2 },
    async run(network) {
      await network.startAll()
      for (const pid of gatePids()) process.kill(pid, 'SIGKILL')
      await network.endOf(0, 20_000)
      return []
    },
  }
  const { skipped } = await attempted(inPython('sound'), killed)
  expect(skipped).toMatch(/^this machine failed in the run: the gate of the lab has ended \(SIGKILL\)/)
})

test('nothing is left of these runs', async () => {
  expect(pids.length).toBeGreaterThanOrEqual(10)
  expect(pids.filter(isAlive)).toEqual([])
  // The shells that would end the programs of a lab that is killed end with its last program.
  const children = () => execFileSync('ps', ['-e', '-o', 'ppid=,args='], { encoding: 'utf8' }).split('\n')
  const guards = () => children().filter((line) => line.trim().startsWith(`${process.pid} /bin/sh -c`))
  await expect.poll(guards).toEqual([])
  expect(readdirSync(FOLDER).filter((name) => name.startsWith('rumorscope-'))).toEqual([])
})
