import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FLOORS, refusal } from './floors.ts'
import { importsOf } from './imports.ts'

const ROOT = join(import.meta.dirname, '../..')
const SOURCES = new Map(
  ['shared', 'server', 'web'].flatMap((part) =>
    readdirSync(join(ROOT, part), { recursive: true, encoding: 'utf8' })
      .map((path) => `${part}/${path.replaceAll('\\', '/')}`)
      .filter((path) => /\.tsx?$/.test(path))
      .map((path) => [path, readFileSync(join(ROOT, path), 'utf8')] as const),
  ),
)
const refusals = (sources: ReadonlyMap<string, string>) =>
  Array.from(sources).flatMap(([path, text]) =>
    importsOf(path, text).flatMap(({ from, to }) => refusal(from, to) ?? []),
  )

test('no file imports upwards', () => {
  expect(SOURCES.size).toBeGreaterThan(500)
  expect(refusals(SOURCES)).toEqual([])
})

test('each folder of the table names only folders above it, and exists', () => {
  for (const [part, floors] of Object.entries(FLOORS))
    for (const [floor, allowed] of Object.entries(floors)) {
      const names = Object.keys(floors)
      for (const other of allowed) expect(names.slice(0, names.indexOf(floor)), floor).toContain(other)
      expect([...SOURCES.keys()].some((path) => path.startsWith(`${part}/${floor}/`))).toBe(true)
    }
})

const using = (from: string) => `import { thing } from '${from}'\n\nexport const used = thing\n`
/** Plants a file among the sources, and returns what is refused. */
const planted = (path: string, text: string) => refusals(new Map([...SOURCES, [path, text]]))

const PAIRS = Object.entries(FLOORS).flatMap(([part, floors]) =>
  Object.entries(floors).flatMap(([floor, allowed]) =>
    Object.keys(floors)
      .filter((other) => other !== floor && !allowed.includes(other))
      .map((other) => [`${part}/${floor}`, `${part}/${other}`] as const),
  ),
)

describe('an import is refused', () => {
  test('in each folder, of each folder above or beside it', () => {
    const arrows = new Map(
      PAIRS.map(([floor, other]) => [
        `${floor}/deeper/x-${other.replace('/', '-')}.ts`,
        using(`../../../${other}/y.ts`),
      ]),
    )
    expect(refusals(arrows)).toHaveLength(PAIRS.length)
  })

  test('among all files, with its place and the folders that it may import', () => {
    expect(planted('web/store/planted.ts', using('../stage/view.ts'))).toEqual([
      'web/store/planted.ts: imports web/stage/view.ts, and may import only web/store/, web/model/, shared/',
    ])
  })

  test.each([
    ['the page imports the server', 'web/store', '../../server/app.ts'],
    ['the page imports Node', 'web', 'node:fs'],
    ['the server imports the page', 'server/http', '../../web/main.tsx'],
    ['a host imports the page', 'server/hosts', '../../web/x.ts'],
    ['the server imports React', 'server', 'react'],
    ['a folder of the server imports what composes it', 'server/http', '../app.ts'],
    ['the shell imports Node', 'shared/node', 'node:net'],
    ['the shell imports a simulation by a detour', 'shared/node/behaviours', './../../sim/x.ts'],
    ['the server imports a test of the whole', 'server/hosts', '../../e2e/x.ts'],
    ['what all share imports Node', 'shared', 'node:crypto'],
    ['what all share imports the server', 'shared', '../server/platform/clock.ts'],
    ['what all share imports the page', 'shared', '../web/store/live/clock.ts'],
    ['what all share imports React', 'shared', 'react'],
    ['the protocol imports a package', 'shared/gossip', 'zod'],
    ['the protocol imports Node', 'shared/gossip', 'node:net'],
  ])('when %s', (_, folder, to) => {
    expect(refusals(new Map([[`${folder}/x.ts`, using(to)]]))).toHaveLength(1)
  })

  test.each([
    ['handed on', "export { thing } from '../model/event.ts'\n"],
    ['handed on as a whole', "export * from '../model/event.ts'\n"],
    ['loaded later', "export const later = () => import('../model/event.ts')\n"],
    ['a type', "import type { Thing } from '../model/event.ts'\n\nexport const used: Thing = 1\n"],
  ])('when it is %s', (_, text) => {
    expect(refusals(new Map([['shared/gossip/x.ts', text]]))).toHaveLength(1)
  })
})

test.each([
  ['itself', 'shared/gossip', './deeper/codec.ts'],
  ['a folder below', 'web/store', '../model/columns.ts'],
  ['what all share', 'server/hosts', '../../shared/model/event.ts'],
  ['a package', 'shared/model', 'zod/mini'],
  ['Node in the server', 'server/http', 'node:fs'],
])('a folder may import %s', (_, folder, to) => {
  expect(refusals(new Map([[`${folder}/x.ts`, using(to)]]))).toEqual([])
})
