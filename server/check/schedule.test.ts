import { expect, onTestFinished, test } from 'vitest'
import type { CheckTest } from './check-test.ts'
import { LoadMeter } from './load.ts'
import { type Attempt, type ScheduleOptions, schedule } from './schedule.ts'

const named = (name: string, needs: 1 | 2 = 1): CheckTest => ({
  name,
  rule: 'a rule',
  needs,
  n: 1,
  run: async () => [],
})

/** `outcomes` are those of the attempts, in turn; `late` ones came from a machine that was too busy. */
async function scheduled(
  outcomes: readonly ('ok' | 'fails' | 'late' | 'skips')[],
  changes: Partial<ScheduleOptions> = {},
  tests = [named('one')],
) {
  const left = [...outcomes]
  let [now, most, discarded] = [0, 0, 0]
  const discard = () => {
    discarded += 1
  }
  const meter = new LoadMeter()
  onTestFinished(() => meter.close())
  const attempt = async (_: CheckTest, run: number): Promise<Attempt> => {
    now += 1
    most = Math.max(most, now)
    await new Promise((resolve) => setTimeout(resolve, 200))
    now -= 1
    const outcome = left.shift() ?? 'ok'
    const ok = outcome === 'ok' || outcome === 'skips'
    return {
      result: { run, seed: 1, ok, durationMs: 1, reasons: ok ? [] : [{ atMs: 1, words: 'it failed' }] },
      load: { busy: 0.1, lateMs: outcome === 'late' ? 500 : 0 },
      ...(outcome === 'skips' ? { skipped: 'it does not apply' } : {}),
    }
  }
  const options = { runs: 3, untilFail: false, namespaces: false, meter, attempt, discard, onRun() {}, onTest() {} }
  const { tests: results, atOnce } = await schedule(tests, { ...options, whyNot: () => undefined, ...changes })
  return { results, atOnce, most, left: left.length, discarded }
}

test('without namespaces one run goes on at a time, and a test of which one fails is flaky', async () => {
  const { results, most } = await scheduled(['ok', 'fails', 'ok'])
  expect(most).toBe(1)
  expect(results[0]).toMatchObject({ verdict: 'flaky', runs: [{ run: 1, ok: true }, { ok: false }, { ok: true }] })
})

test('a failure on a machine that was too busy does not count, and is repeated', async () => {
  const { results, left, discarded } = await scheduled(['late', 'ok', 'late', 'late', 'late', 'ok', 'ok'], { runs: 1 })
  expect(results[0]).toMatchObject({ verdict: 'passed', runs: [{ repeated: 1 }] })
  expect(left).toBe(5)
  expect(discarded).toBe(1)
})

test('a test of which every attempt came from such a machine is skipped aloud', async () => {
  const { results } = await scheduled(['late', 'late', 'late'], { runs: 1 })
  expect(results[0]).toMatchObject({
    verdict: 'skipped',
    runs: [],
    why: 'the machine was too busy for each of its runs',
  })
})

test('with --until-fail a test ends with its first failure', async () => {
  const { results, left } = await scheduled(['ok', 'fails', 'ok', 'ok'], { runs: 4, untilFail: true })
  expect(results[0]?.runs.map(({ ok }) => ok)).toEqual([true, false])
  expect(left).toBe(2)
})

test('a test that does not apply, or needs a gate that is missing, is skipped with the reason', async () => {
  expect((await scheduled(['skips'])).results[0]).toMatchObject({ verdict: 'skipped', why: 'it does not apply' })
  const whyNot = ({ needs }: CheckTest) => (needs === 2 ? 'it needs a gate' : undefined)
  const { results } = await scheduled(['ok', 'ok', 'ok'], { whyNot }, [named('one'), named('two', 2)])
  expect(results.map(({ verdict, why }) => [verdict, why])).toEqual([
    ['passed', undefined],
    ['skipped', 'it needs a gate'],
  ])
})
