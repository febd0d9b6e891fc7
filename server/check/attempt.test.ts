/** Tests runs of a real program in a network of its own, within the test's process. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { readRecording } from '../../shared/wire/recording-reader.ts'
import { processHost } from '../hosts/process-host.ts'
import type { Program } from '../hosts/program/program.ts'
import { GATE, inPython } from '../test-support/foreign.ts'
import { BUNDLE, isAlive } from '../test-support/processes.ts'
import { attempt } from './attempt.ts'
import { readTests } from './course/pair.ts'
import { testOf } from './folder-tests.ts'
import { LoadMeter } from './load.ts'
import { PortBlocks } from './port-blocks.ts'
import type { TestNetwork } from './test-network.ts'

function pair(input: string, output: string) {
  const folder = mkdtempSync(join(tmpdir(), 'rs-pair-'))
  writeFileSync(join(folder, 'one.input'), input)
  writeFileSync(join(folder, 'one.output'), output)
  const read = readTests(folder)
  const [first] = read.ok ? read.tests : []
  if (!first) throw new Error(JSON.stringify(read))
  return testOf(first, false)
}

async function attempted(program: Program, test: ReturnType<typeof pair>, run = 1) {
  const folder = mkdtempSync(join(tmpdir(), 'rs-check-test-'))
  vi.stubEnv('TMPDIR', folder)
  onTestFinished(() => void vi.unstubAllEnvs())
  const meter = new LoadMeter()
  onTestFinished(() => meter.close())
  const pids: number[] = []
  class Open extends Set<TestNetwork> {
    override delete(network: TestNetwork) {
      pids.push(...network.events.flatMap((event) => (event.type === 'running' && event.pid ? [event.pid] : [])))
      return super.delete(network)
    }
  }
  const options = {
    program,
    rootId: 40_000,
    gate: GATE,
    own: processHost({ bundle: BUNDLE, runtime: folder }),
    env: process.env,
    ports: new PortBlocks(),
    meter,
    seed: 1,
    record: join(folder, 'rec'),
    open: new Open(),
  }
  let { result } = await attempt(test, run, options)
  // On a busy machine a program may take longer than proxy.py waits.
  for (let more = 5; more > 0 && result.reasons[0]?.words.includes('did not listen'); more -= 1)
    result = (await attempt(test, run, options)).result
  return { result, folder, pids }
}

const TWO = '0 start 2 20000\n1 start 2 20001\n'

test('a correct program passes a pair of the course, is measured, and nothing is left', async () => {
  const test = pair(`${TWO}0 msg 1 Lexi\n1 get chatLog\n1 get chatLog\nexit\n`, "{'count': 2, 'mandatory': 'Lexi'}\n")
  const { result, folder, pids } = await attempted(inPython('text'), test)
  expect(result).toMatchObject({ ok: true, reasons: [], measures: { messages: 1, lost: 0, stale: 0, neverRead: 0 } })
  expect(result.measures?.latencyMs?.max).toBeGreaterThan(0)
  expect(result.measures?.datagramsPerMessage).toBeGreaterThan(1)
  expect(pids.length).toBeGreaterThanOrEqual(2)
  expect(pids.filter(isAlive)).toEqual([])
  expect(readdirSync(folder).filter((name) => name.startsWith('rumorscope-check-'))).toEqual([])
  expect(existsSync(join(folder, 'rec'))).toBe(false)
})

test('a failed run says how far the message came and how the node ended, and its recording opens there', async () => {
  const file = `0 start 3 20000\n1 start 3 20001\n2 start 3 20002\n1 crash\n0 msg 1 Bob\n2 get chatLog\nexit\n`
  const { result } = await attempted(inPython('text', 'abort'), pair(file, 'Bob\n'))
  const [reason] = result.reasons
  // Node 1 may get the message before it ends.
  const words =
    /^the chat log of node 2 lacks “Bob”; “Bob” reached (1 of 3 nodes; last seen at node 0|2 of 3 nodes; last seen at node 1) at [\d,]+ ms; node 1 ended at [\d,]+ ms by SIGABRT \(free\(\): invalid pointer\)$/
  expect(reason?.words).toMatch(words)
  const recording = readRecording(readFileSync(result.recording ?? '', 'utf8'))
  if (!recording.ok) throw new Error(recording.error)
  expect(recording.recording.header.opensAt).toEqual({ event: reason?.event, words: `Run 1: ${reason?.words}.` })
  const asked = recording.recording.events.flatMap((event) =>
    event.type === 'command' && event.line.endsWith('get chatLog') ? [event.by] : [],
  )
  // The lab has asked for nothing by itself.
  expect(asked).toEqual(['proxy'])
})

test('a restarted program gets the number of nodes and the port that the file names', async () => {
  const printed = `#!/bin/sh\nexec python3 - "$@" <<'END'\nimport socket, sys\ns = socket.socket()\ns.bind(('127.0.0.1', int(sys.argv[3])))\ns.listen()\nc = s.accept()[0]\nwhile c.recv(100).startswith(b'get'):\n    c.sendall(('chatLog ' + '-'.join(sys.argv[1:]) + '\\n').encode())\nEND\n`
  const folder = mkdtempSync(join(tmpdir(), 'rs-args-'))
  writeFileSync(join(folder, 'process'), printed, { mode: 0o755 })
  const file = `${TWO}0 get chatLog\n0 crash\n0 start 5 20007\n0 get chatLog\n`
  const { result } = await attempted({ argv: [join(folder, 'process')], folder }, pair(file, '0-2-20000\n0-5-20007\n'))
  expect(result.reasons).toEqual([])
})
