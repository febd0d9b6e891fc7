import { expect, test } from 'vitest'
import { createSide, scenarioFiles } from './side.ts'

test('a scenario is opened, and one that is not UTF-8 is refused with the place', async () => {
  const side = createSide()
  const kind = scenarioFiles(side)
  const latin1 = Uint8Array.from('network 2 line\n0 msg 1 \xfcber', (character) => character.charCodeAt(0))
  expect(await kind.open(new File([latin1], 'a.scenario'))).toEqual({
    words: 'line 2, column 9: the byte \\xfc is not UTF-8: save the file as UTF-8',
  })
  expect(side.getState()).toEqual({ kind: 'inspector' })
  expect(await kind.open(new File(['0 msg 1 über'], 'a.scenario'))).toBeNull()
  expect(side.getState()).toEqual({ kind: 'scenario', file: { name: 'a.scenario', text: '0 msg 1 über' } })
})
