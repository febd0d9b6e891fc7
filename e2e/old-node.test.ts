/** Runs every program of bin under versions of Node that are too old, from the package `node` of npm. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { Checkout } from './support/checkout.ts'
import { npmCli } from './support/installation.ts'

const ROOT = join(import.meta.dirname, '..')
const CACHE = join(ROOT, 'node_modules/.cache/rumorscope-old-node')
/** The last one of each line, back to the first for which the programs are written. */
const VERSIONS = ['10.24.1', '12.22.12', '14.21.3', '16.20.2', '18.20.8']
const NEEDS = 'Rumorscope needs Node 20.19, 22.12, 24 or later; this is Node'

/** Runs a program to its end, whatever that is. */
async function ended(program: string, args: readonly string[], PATH: string) {
  const runtime = mkdtempSync(join(tmpdir(), 'rs-'))
  onTestFinished(() => rmSync(runtime, { recursive: true }))
  const env = { PATH, RUMORSCOPE_RUNTIME: runtime }
  const failed = await promisify(execFile)(program, args, { env, encoding: 'utf8' }).catch((error) => error)
  const { code = 0, stdout, stderr }: { code?: number; stdout: string; stderr: string } = failed
  return { code, stdout, said: stderr.trimEnd().split('\n') }
}

describe.each(VERSIONS)('under Node %s', (version) => {
  const home = join(CACHE, version)
  const PATH = `${join(home, 'node_modules/node/bin')}:/usr/bin:/bin`
  beforeAll(async () => {
    const args = ['install', '--prefix', home, '--no-audit', '--no-fund', '--prefer-offline', `node@${version}`]
    await promisify(execFile)(process.execPath, [npmCli(), ...args])
  })

  test.each([
    ['rumorscope', []],
    ['rumorscope', ['--help']],
    ['rumorscope', ['run', 'examples/walkthrough.input']],
    ['rumorscope.cjs', []],
    ['stopall', []],
    ['process', ['0', '4', '20000']],
  ])('%s %j says which one it needs', async (program, args) => {
    const { code, stdout, said } = await ended(join(ROOT, 'bin', program), args, PATH)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(said[0]).toContain(`${NEEDS} ${version}`)
    expect(said.slice(1).filter((line) => !line.startsWith('Get a current one from https://nodejs.org'))).toEqual([])
  })

  test.each(['rumorscope', 'stopall', 'process'])('%s says so without a build too', async (program) => {
    const checkout = new Checkout()
    onTestFinished(() => checkout.remove())
    checkout.put('package.json', readFileSync(join(ROOT, 'package.json'), 'utf8'))
    const { code, said } = await ended(join(checkout.root, 'bin', program), ['0', '4', '20000'], PATH)
    expect(code).toBe(1)
    expect(said[0]).toBe(`${NEEDS} ${version}.`)
    expect(checkout.calls()).toEqual([])
  })
})
