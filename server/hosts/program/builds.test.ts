import { chmodSync, copyFileSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Executor } from '../../../shared/lab/executor.ts'
import type { LabState } from '../../../shared/model/lab-state.ts'
import { all, labOfPrograms } from '../../test-support/foreign.ts'
import { nextEvent, stateWhere } from '../../test-support/lab.ts'

const SOURCE = join(import.meta.dirname, '../../test-support/foreign/text.py')

/** A lab of two, whose program a test may build anew. */
async function labOfABuild() {
  const folder = mkdtempSync(join(tmpdir(), 'rs-build-'))
  const file = join(folder, 'process')
  copyFileSync(SOURCE, file)
  chmodSync(file, 0o755)
  const bench = await labOfPrograms(2, all({ argv: [file], folder }))
  await bench.lab.startNetwork({})
  const executor = new Executor(bench.lab)
  return { ...bench, file, folder, run: (line: string) => executor.execute(line, 'rest') }
}

const isOutdated = ({ nodes }: LabState) => nodes.every(({ outdated }) => outdated === true)
const NEW_BUILD = readFileSync(SOURCE, 'utf8').replace("f'chatLog {texts}", "f'chatLog new-{texts}")

test('a new build is noticed once it is complete and may be run, and restart starts it on every node', async () => {
  const { lab, file, folder, run } = await labOfABuild()
  // As a linker does: in pieces, without the run bit, under the name of the old file.
  const half = join(folder, 'half')
  writeFileSync(half, NEW_BUILD.slice(0, 100), { mode: 0o644 })
  renameSync(half, file)
  expect(await run('restart')).toMatchObject({ ok: false, error: expect.stringContaining('may not be run') })
  const { nodes } = lab.sequencer.state
  expect(nodes.map(({ status, outdated }) => [status, outdated])).toEqual(nodes.map(() => ['running', undefined]))
  writeFileSync(file, NEW_BUILD)
  chmodSync(file, 0o755)
  await nextEvent(lab, 'outdated', ({ node }) => node === 1)
  await stateWhere(lab, isOutdated)
  expect(await run('restart')).toMatchObject({ ok: true })
  expect(await run('0 get chatLog')).toEqual({ ok: true, output: ['new-<empty>'] })
  expect(lab.sequencer.state.nodes.some(({ outdated }) => outdated)).toBe(false)
})

test('restart waits for a build that is being written', async () => {
  const { file, run } = await labOfABuild()
  writeFileSync(file, NEW_BUILD.slice(0, 100))
  const restarted = run('restart')
  setTimeout(() => writeFileSync(file, NEW_BUILD), 200)
  expect(await restarted).toMatchObject({ ok: true })
  expect(await run('1 get chatLog')).toEqual({ ok: true, output: ['new-<empty>'] })
})
