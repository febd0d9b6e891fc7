/** Tests the built-in suite on mutants of our own node: those that it fails within seconds. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../server/test-support/processes.ts'
import { MUTANT_TABLE, shapeOf } from './support/check-table.ts'
import { builtMutants, OWN_MUTANTS } from './support/own-mutants.ts'
import { sentencesFor } from './support/suite-sentences.ts'

test('mutants of our own node are failed for the reasons in docs/check.md', async () => {
  const quick = OWN_MUTANTS.filter(({ isQuick }) => isQuick)
  const rows = MUTANT_TABLE.read(readFileSync(join(ROOT, 'docs/check.md'), 'utf8'))
  const told = new Map(rows.map(([, name = '', sentence = '']) => [name, sentence]))
  const sentences = await sentencesFor(await builtMutants(quick), told)
  for (const { test: name } of quick) expect(shapeOf(sentences.get(name) ?? '')).toBe(shapeOf(told.get(name) ?? ''))
})
