/** Makes results of `rumorscope check` for the tests of its reports. */
import fc from 'fast-check'
import { type CheckResult, type Reason, type RunResult, type TestResult, verdictOf } from '../check/result.ts'

const MACHINE = { cores: 2, load: 0.42, layer: 2, namespaces: true, atOnce: 2 } as const

export const passedRun = (run: number): RunResult => ({
  run,
  seed: 7,
  ok: true,
  durationMs: 1_500,
  repeated: 0,
  reasons: [],
  measures: {
    messages: 3,
    measured: 3,
    latencyMs: { p50: 2, p95: 9, max: 21, reached: 3 },
    datagramsPerMessage: 12,
    lost: 0,
    stale: 0,
    duplicated: 0,
    neverRead: 0,
  },
})

export const failedRun = (run: number, words: string, more: Partial<RunResult> = {}): RunResult => ({
  run,
  seed: 7,
  ok: false,
  durationMs: 4_000,
  repeated: 0,
  reasons: [{ atMs: 3_033, event: 40, node: 1, words }],
  ...more,
})

export const testOf = (name: string, runs: readonly RunResult[], more: Partial<TestResult> = {}): TestResult => ({
  name,
  rule: 'handout, rumor-mongering',
  needs: 1,
  verdict: verdictOf(runs),
  runs,
  ...more,
})

export const resultOf = (...tests: readonly TestResult[]): CheckResult => ({
  program: './process',
  startedAt: '2026-11-30T22:41:19.512Z',
  durationMs: 72_400,
  seed: 7,
  machine: MACHINE,
  tests,
})

export const SKIPPED = testOf('cut and heal', [], {
  needs: 2,
  why: 'it needs a gate for datagrams, and this machine has no python3',
})

const BOB = '“Bob” reached 2 of 3 nodes; last seen at node 1 at 3.032 s; node 1 ended at 3.033 s by SIGABRT'

/** A check with each verdict. */
export const EXAMPLE: CheckResult = resultOf(
  testOf('agreement after quiet', [1, 2, 3, 4].map(passedRun)),
  testOf(
    'restart catches up',
    [1, 2, 3, 4].map((run) => failedRun(run, `node 2 has 0 of ${run + 4} messages`)),
  ),
  testOf('crash in mid-message', [
    passedRun(1),
    failedRun(2, BOB, { recording: 'runs/run-2.jsonl' }),
    passedRun(3),
    passedRun(4),
  ]),
  SKIPPED,
)

/** Texts as foreign programs write them: any UTF-16 unit, and what formats trip over. */
export const anyText = fc.oneof(
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    ...[']]>', '<![CDATA[', '</script><script>alert(1)</script>', '</style>', '" onload="x', '&amp;&#0;'],
    ...[
      '\0',
      '\ud800',
      '\udc80x',
      '\ufffe',
      '=1+1',
      '+1',
      '-1',
      '@SUM(A1)',
      '\t=1',
      ' =1',
      '＝1',
      "'",
      '\r\n',
      'a,"b"',
    ],
    ...['\x1b[31m', '\u202e', '__proto__', 'constructor', '<!--', '-->', 'javascript:alert(1)'],
  ),
)

const anyReason: fc.Arbitrary<Reason> = fc.record(
  { atMs: fc.nat(100_000), event: fc.nat(100), node: fc.nat(9), words: anyText },
  { requiredKeys: ['atMs', 'words'] },
)

const anyRun: fc.Arbitrary<RunResult> = fc.boolean().chain((ok) =>
  fc.record(
    {
      run: fc.integer({ min: 1, max: 99 }),
      seed: fc.nat(),
      ok: fc.constant(ok),
      durationMs: fc.nat(100_000),
      repeated: fc.nat(3),
      reasons: ok ? fc.constant([]) : fc.array(anyReason, { maxLength: 30 }),
      recording: anyText,
    },
    { requiredKeys: ['run', 'seed', 'ok', 'durationMs', 'repeated', 'reasons'] },
  ),
)

const anyTest: fc.Arbitrary<TestResult> = fc
  .record({ name: anyText, rule: anyText, runs: fc.array(anyRun, { maxLength: 25 }), why: anyText })
  .map(({ name, rule, runs, why }) => testOf(name, runs, { rule, ...(runs.length === 0 ? { why } : {}) }))

/** Checks with arbitrary texts; their tests have names of their own. */
export const anyResult: fc.Arbitrary<CheckResult> = fc
  .record({
    program: anyText,
    seed: fc.nat(),
    durationMs: fc.nat(1_000_000),
    tests: fc.uniqueArray(anyTest, { maxLength: 6, selector: ({ name }) => name }),
  })
  .map(({ tests, ...rest }) => ({ ...resultOf(...tests), ...rest }))
