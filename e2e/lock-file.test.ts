/** Tests that the lock file serves `npm ci` on every platform, not only on the one where it was last written. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

interface Entry {
  readonly resolved?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const file = readFileSync(join(import.meta.dirname, '../package-lock.json'), 'utf8')
const { packages }: { packages: Readonly<Record<string, Entry>> } = JSON.parse(file)

test('every dependency is in it, those for other platforms too', () => {
  const missing = Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
      .filter((name) => !isInstalledFor(path, name))
      .map((name) => `${name} (of ${path})`),
  )
  expect(missing).toEqual([])
})

test('it names no registry: each installation uses its own', () => {
  const named = Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined)
  expect(named.map(([path]) => path)).toEqual([])
})

/** As Node looks it up: in the folder of the package itself, then in each parent folder. */
function isInstalledFor(path: string, name: string): boolean {
  for (let around = path; ; around = around.slice(0, Math.max(0, around.lastIndexOf('/node_modules/')))) {
    if (packages[`${around}${around ? '/' : ''}node_modules/${name}`]) return true
    if (!around) return false
  }
}
