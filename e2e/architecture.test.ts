/**
 * Tests that the lint rules of the project work: a rule that matches nothing looks just like one that is obeyed. Each
 * gets a violation, and the same code without it, in a folder that has the project's configuration.
 */
import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const GLOBALS = 'lint/style/noRestrictedGlobals'

interface Case {
  readonly folder: string
  readonly broken: string
  readonly kept: string
  readonly rule: string
}

const globals = (broken: string, kept: string, folder = 'shared'): Case => ({ folder, broken, kept, rule: GLOBALS })

const CASES: Readonly<Record<string, Case>> = {
  'anything imports Node without saying so': {
    folder: 'shared',
    broken: "import { thing } from 'fs'\n\nexport const used = thing\n",
    kept: "import { thing } from 'zod/mini'\n\nexport const used = thing\n",
    rule: 'lint/style/useNodejsImportProtocol',
  },
  'the contracts read the clock': globals('export const now = Date.now()\n', 'export const now = (at: number) => at\n'),
  'the contracts make a date': globals('export const now = new Date()\n', 'export const now = (at: number) => at\n'),
  'the contracts read the fine clock': globals(
    'export const now = performance.now()\n',
    'export const now = (clock: { now(): number }) => clock.now()\n',
  ),
  'the server prints what a terminal might obey': {
    folder: 'server/http',
    broken: "console.log('here')\n",
    kept: "import { print } from '../terminal.ts'\n\nprint('here')\n",
    rule: 'lint/suspicious/noConsole',
  },
  'the protocol sets a timer': globals('setTimeout(() => {}, 1)\n', 'export const wakeAt = 1\n', 'shared/gossip'),
  'the shell makes bytes as Node does': globals(
    "export const bytes = Buffer.from('x')\n",
    'export const bytes = new Uint8Array()\n',
    'shared/node',
  ),
  'the shell cancels a timer': globals('clearTimeout(1)\n', 'export const cancelled = 1\n', 'shared/node'),
  'the contracts set an interval': globals('setInterval(() => {}, 1)\n', 'export const every = 1\n'),
}

interface Diagnostic {
  readonly category: string
  readonly severity: string
  readonly location: { readonly path: string }
}

let folder: string
let diagnostics: readonly Diagnostic[]

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rumorscope-lint-'))
  for (const file of ['biome.json', '.gitignore']) copyFileSync(join(ROOT, file), join(folder, file))
  for (const [index, it] of Object.values(CASES).entries()) {
    put(placeOf('broken', index, it.folder), it.broken)
    put(placeOf('kept', index, it.folder), it.kept)
  }
  for (const part of ['shared', 'server', 'web']) {
    put(`${part}/circle/a.ts`, "import type { B } from './b.ts'\n\nexport type A = B[]\n")
    put(`${part}/circle/b.ts`, "import type { A } from './a.ts'\n\nexport type B = A | null\n")
    put(`${part}/circle/c.ts`, "import type { A } from './a.ts'\n\nexport type C = A\n")
  }
  diagnostics = await lint()
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('lint refuses the file when', () => {
  test.each(Object.entries(CASES).map(([name, it], index) => ({ name, index, ...it })))(
    '$name',
    ({ index, folder, rule }) => {
      expect(errorsIn(placeOf('broken', index, folder))).toEqual([rule])
      expect(errorsIn(placeOf('kept', index, folder))).toEqual([])
    },
  )
})

test.each(['shared', 'server', 'web'])('in %s/ two files that import each other are refused, types too', (part) => {
  const circle = 'lint/suspicious/noImportCycles'
  expect(['a', 'b', 'c'].map((name) => errorsIn(`${part}/circle/${name}.ts`))).toEqual([[circle], [circle], []])
})

describe('nothing in shared/', () => {
  const forbidden = {
    'draws random numbers that no seed repeats': /\bMath\.random\b|\bgetRandomValues\b|\brandomUUID\b/,
    'reads a clock': /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bhrtime\b/,
    'sets a timer': /\b(?:setTimeout|setInterval|setImmediate|queueMicrotask|requestAnimationFrame)\s*\(/,
  }
  const sources = readdirSync(join(ROOT, 'shared'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map((path) => ({ path, code: withoutComments(readFileSync(join(ROOT, 'shared', path), 'utf8')) }))

  test.each(Object.entries(forbidden))('%s', (_, pattern) => {
    expect(sources.length).toBeGreaterThan(0)
    expect(sources.filter(({ code }) => pattern.test(code)).map(({ path }) => path)).toEqual([])
  })
})

test('no code of the page finds an element by words that people read', () => {
  const sources = readdirSync(join(ROOT, 'web'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path))
    .map((path) => ({ path, code: withoutComments(readFileSync(join(ROOT, 'web', path), 'utf8')) }))
  expect(sources.length).toBeGreaterThan(0)
  const byWords = /\[(?:aria-label|alt|title|placeholder)[\^$*~|]?=/
  expect(sources.filter(({ code }) => byWords.test(code)).map(({ path }) => path)).toEqual([])
})

function placeOf(version: 'broken' | 'kept', index: number, folder: string): string {
  return `${folder}/${version}-${index}.ts`
}

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

function lint(): Promise<readonly Diagnostic[]> {
  const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome')
  const args = [biome, 'lint', '--reporter=json', '--max-diagnostics=none', '.']
  return new Promise((resolve, reject) => {
    // It exits with 1, because it finds the planted violations.
    execFile(process.execPath, args, { cwd: folder }, (_, stdout, stderr) => {
      try {
        const report: { diagnostics: Diagnostic[] } = JSON.parse(stdout)
        resolve(report.diagnostics)
      } catch {
        reject(new Error(`biome did not report: ${stdout}${stderr}`))
      }
    })
  })
}

function errorsIn(path: string): string[] {
  const errors = diagnostics.filter((it) => it.severity === 'error' && it.location.path === path)
  return errors.map(({ category }) => category)
}

function withoutComments(code: string): string {
  return code.replace(/\/\*.*?\*\//gs, '').replace(/\/\/.*$/gm, '')
}
