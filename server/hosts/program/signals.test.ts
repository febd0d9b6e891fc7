import { expect, test } from 'vitest'
import { Executor } from '../../../shared/lab/executor.ts'
import type { Lab } from '../../../shared/lab/lab.ts'
import type { LabState } from '../../../shared/model/lab-state.ts'
import { all, GATE, inPython, labOfPrograms } from '../../test-support/foreign.ts'
import { stateWhere } from '../../test-support/lab.ts'

const executorOf = (lab: Lab) => {
  const executor = new Executor(lab)
  return (line: string) => executor.execute(line, 'rest')
}

const nodeOf = (id: number, isSo: (node: LabState['nodes'][number]) => boolean) => (state: LabState) => {
  const node = state.nodes[id]
  return node !== undefined && isSo(node)
}

test.each([
  ['behind the gate', GATE],
  ['without a gate', undefined],
])('a program %s is suspended, goes on and is killed by commands', async (_, gate) => {
  const { lab } = await labOfPrograms(2, all(inPython('text')), gate)
  await lab.startNetwork({})
  const run = executorOf(lab)
  expect(await run('1 signal STOP')).toMatchObject({ ok: true })
  const stopped = await stateWhere(
    lab,
    nodeOf(1, ({ suspended }) => suspended === 'signal'),
  )
  expect(stopped.nodes[1]).toMatchObject({ status: 'running', answers: false })
  expect(stopped.nodes[1]?.trouble).toContain('1 signal CONT lets it go on')
  expect(await run('1 msg 1 hello')).toMatchObject({ ok: false, error: expect.stringContaining('suspended') })
  expect(await run('1 signal CONT')).toMatchObject({ ok: true })
  const goesOn = await stateWhere(
    lab,
    nodeOf(1, ({ answers }) => answers),
  )
  expect(goesOn.nodes[1]).not.toHaveProperty('suspended')
  expect(await run('1 msg 1 hello')).toMatchObject({ ok: true })
  await run('1 signal STOP')
  expect(await run('1 signal KILL')).toMatchObject({ ok: true })
  const ended = await stateWhere(
    lab,
    nodeOf(1, ({ end }) => end !== null),
  )
  expect(ended.nodes[1]?.end).toEqual({ how: 'killed', signal: 'SIGKILL' })
  expect(await run('1 signal CONT')).toMatchObject({ ok: false, error: expect.stringContaining('is not running') })
})
