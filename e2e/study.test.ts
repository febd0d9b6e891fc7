/** Tests the command behind docs/study.md, and that the results there hold for small networks too. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Findings } from '../scripts/study/experiments.ts'
import { linksToAll, residueOf } from '../scripts/study/theory.ts'

const ROOT = join(import.meta.dirname, '..')
const out = mkdtempSync(join(tmpdir(), 'rs-study-'))
let findings: Findings

beforeAll(() => {
  execFileSync(process.execPath, [join(ROOT, 'dist/server/study.js'), '--quick', '--out', out], { stdio: 'pipe' })
  findings = JSON.parse(readFileSync(join(out, 'findings.json'), 'utf8')) as Findings
})
afterAll(() => rmSync(out, { recursive: true, force: true }))

const of = (topology: string, by = 'machines') =>
  findings.size.filter((point) => point.topology === topology && point.by === by)

describe('time to all', () => {
  test('is the number of links on a line, and half of it on a ring', () => {
    for (const topology of ['line', 'ring'] as const)
      expect(of(topology).map(({ all }) => all)).toEqual(of(topology).map(({ n }) => linksToAll(topology, n)))
  })

  test('is that of the shortest paths on a grid, or little more', () => {
    for (const { n, all } of of('grid')) {
      expect(all).toBeGreaterThanOrEqual(0.5 * linksToAll('grid', n))
      expect(all).toBeLessThanOrEqual(1.5 * linksToAll('grid', n))
    }
  })

  test('grows with the logarithm of the nodes where the diameter does', () => {
    for (const { n, most } of of('random')) expect((most ?? 0) / linksToAll('random', n)).toBeLessThan(3)
    for (const { n, half } of of('mesh', 'model')) {
      expect((half ?? 0) / linksToAll('mesh', n)).toBeGreaterThan(0.5)
      expect((half ?? 0) / linksToAll('mesh', n)).toBeLessThan(2)
    }
  })
})

test('datagrams a node: two on a line, and no more than ten anywhere, however many nodes', () => {
  for (const { datagrams } of of('line')) expect(datagrams).toBeCloseTo(2, 1)
  for (const { datagrams } of findings.size) expect(datagrams).toBeLessThan(10)
})

test('rumors alone miss about e^-m of a mesh', () => {
  const counted = findings.residue.filter(({ missing }) => missing > 0.01)
  expect(counted.length).toBeGreaterThan(3)
  for (const { rumors, missing } of counted) {
    expect(missing / residueOf(rumors)).toBeGreaterThan(0.5)
    expect(missing / residueOf(rumors)).toBeLessThan(2)
  }
})

test('loss and churn keep no message from any node', () => {
  for (const { complete } of [...findings.size, ...findings.loss, ...findings.churn]) expect(complete).toBe(1)
})

test('a status is one datagram up to 7,000 origins, and several beyond', () => {
  for (const { origins, datagrams, bytes } of findings.status) {
    expect(datagrams === 1).toBe(origins <= 7_000)
    expect(bytes / origins).toBeLessThan(22)
  }
})

test('every picture of the text is drawn, on a background of its own', () => {
  const text = readFileSync(join(ROOT, 'docs/study.md'), 'utf8')
  const shown = [...text.matchAll(/\(study\/([\w-]+\.svg)\)/g)].map(([, name]) => name ?? '')
  expect(shown.length).toBeGreaterThan(5)
  for (const name of shown) {
    expect(existsSync(join(ROOT, 'docs/study', name)), name).toBe(true)
    const svg = readFileSync(join(out, name), 'utf8')
    expect(svg).toMatch(/^<svg [^>]*xmlns/)
    expect(svg).toContain('<rect width="820" height="480"')
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
  }
})
