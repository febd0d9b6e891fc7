import fc from 'fast-check'
import { test } from 'vitest'
import { runScenario } from './scenario.ts'
import { scenarios } from './scenario-arbitrary.ts'

test('whatever is lost, late, doubled, cut or crashed, what must always hold holds', () => {
  const t = performance.now()
  let count = 0
  let worst = 0
  const details = fc.check(
    fc.property(scenarios, (scenario) => {
      count++
      const o = runScenario(scenario)
      if (o.agreedAfter) worst = Math.max(worst, o.agreedAfter / o.bound)
      if (o.violations.length) throw new Error(o.violations.join('\n'))
    }),
    { numRuns: Number(process.env.RUNS ?? 300), seed: Number(process.env.SEED ?? 1) },
  )
  console.log(count, worst, performance.now() - t)
  if (details.failed)
    console.log(JSON.stringify(details.counterexample, null, 1), details.counterexamplePath, details.errorInstance)
})
