/**
 * Checks that this checkout can be released, and makes the tarball:
 *
 *     npm run release               checks, and says what a release would do
 *     npm run release -- --publish  publishes it to npm, and tags the commit
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { licenceProblems, type PackedFile, tarballProblems, versionProblems } from './checks.ts'
import { smokeTest } from './smoke.ts'

const LICENCE_FILES = ['dist/web/third-party.md', 'dist/server/third-party.md']

const read = (path: string) => readFileSync(path, 'utf8')
const call = (program: string, ...args: readonly string[]) =>
  execFileSync(program, args, { encoding: 'utf8', shell: process.platform === 'win32' })

function pack(): { filename: string; size: number; files: PackedFile[] } {
  const [packed] = JSON.parse(call('npm', 'pack', '--json'))
  return packed
}

/** Carries out a check and prints its outcome. Returns the number of problems. */
async function check(name: string, find: () => string[] | Promise<string[]>): Promise<number> {
  let problems: string[]
  try {
    problems = await find()
  } catch (error) {
    problems = [(error as Error).message]
  }
  console.log(problems.length === 0 ? `passed  ${name}` : `FAILED  ${name}`)
  for (const problem of problems) console.log(`        ${problem}`)
  return problems.length
}

async function release(isDry: boolean): Promise<number> {
  const manifest = JSON.parse(read('package.json'))
  const packed = pack()
  const tag = `v${manifest.version}`
  const counts = [
    await check('everything is committed', () => call('git', 'status', '--porcelain').split('\n').filter(Boolean)),
    await check('version and changelog', () =>
      versionProblems(manifest, read('CHANGELOG.md'), call('git', 'tag').split('\n')),
    ),
    await check('contents of the tarball', () => tarballProblems(packed.files, packed.size, manifest)),
    await check('licences of bundled packages', () =>
      LICENCE_FILES.flatMap((file) => licenceProblems(file, read(file))),
    ),
    await check('smoke test of the tarball', () => smokeTest(`${process.cwd()}/${packed.filename}`).then(() => [])),
  ]
  const problems = counts.reduce((sum, count) => sum + count, 0)
  const size = `${(packed.size / 1e6).toFixed(2)} MB`
  if (problems > 0) console.log(`${packed.filename} (${size}) cannot be released yet`)
  else if (isDry)
    console.log(
      `${packed.filename} (${size}) is ready: npm run release -- --publish publishes it and makes the tag ${tag}`,
    )
  else {
    execFileSync('npm', ['publish', packed.filename], { stdio: 'inherit', shell: process.platform === 'win32' })
    call('git', 'tag', tag)
    console.log(`${packed.filename} is published, and this commit is ${tag}`)
  }
  return problems > 0 ? 1 : 0
}

const { values } = parseArgs({ options: { publish: { type: 'boolean', default: false } } })
process.exitCode = await release(!values.publish)
