/** Tests the built-in suite on mutants of our own node: those that it fails within seconds. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../server/test-support/processes.ts'
import { MUTANT_TABLE, shapeOf } from './support/check-table.ts'
import { builtMutant, OWN_MUTANTS } from './support/own-mutants.ts'
import { sentenceFor, sentencesOf } from './support/suite-sentences.ts'

test('mutants of our own node are failed for the reasons in docs/check.md', async () => {
  const quick = OWN_MUTANTS.filter(({ isQuick }) => isQuick)
  const sentences = await sentencesOf(quick, quick.length, async (mutant) =>
    sentenceFor(mutant.test, await builtMutant(mutant)),
  )
  const told = MUTANT_TABLE.read(readFileSync(join(ROOT, 'docs/check.md'), 'utf8'))
  for (const [{ does, test: name }, sentence] of sentences) {
    const [, , expected = ''] = told.find(([first, second]) => first === does && second === name) ?? []
    expect(shapeOf(sentence)).toBe(shapeOf(expected))
  }
})
