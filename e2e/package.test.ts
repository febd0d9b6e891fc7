/** Tests the tarball as people get it: installed in an empty folder, by an ordinary user, without a network. */
import { symlinkSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startLab, type TestLab } from '../server/test-support/lab-process.ts'
import { freePorts } from '../server/test-support/ports.ts'
import { courseWalker } from './support/course-walker.ts'
import { Installation } from './support/installation.ts'
import { LabPage } from './support/lab-page.ts'
import { CourseProxy } from './support/proxy.ts'
import { sharedBrowser } from './support/shared-browser.ts'
import { NINE, walkThrough } from './walkthrough.ts'

const MAX_TARBALL_BYTES = 2_000_000
/** npm runs these scripts of a package that it installs. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare']

let browser: Browser
let installation: Installation
beforeAll(async () => {
  browser = await sharedBrowser()
  installation = new Installation()
  await installation.install()
})
afterAll(async () => {
  installation.remove()
  await browser.close()
})

async function labBy(command: readonly string[]): Promise<TestLab> {
  const lab = await startLab({ installed: { command, how: installation.how } })
  onTestFinished(() => lab.stop())
  return lab
}

test('the tarball is small, and its installation fetches and runs nothing', async () => {
  expect((await stat(installation.tarball)).size).toBeLessThan(MAX_TARBALL_BYTES)
  const manifest = JSON.parse(await readFile(join(installation.home, 'package.json'), 'utf8'))
  expect(Object.keys(manifest.scripts).filter((name) => INSTALL_SCRIPTS.includes(name))).toEqual([])
  for (const kind of ['dependencies', 'optionalDependencies', 'peerDependencies', 'bundleDependencies'])
    expect(manifest[kind]).toBeUndefined()
})

test('rumorscope run plays the walkthrough', async () => {
  const file = join(installation.home, 'examples/walkthrough.input')
  const { stdout, stderr } = await installation.run(installation.command, ['run', file])
  expect(stdout.trimEnd().split('\n').at(-1)).toBe(NINE)
  expect(stderr).toBe('')
})

test('its lab plays the walkthrough by REST, and its page shows it', async () => {
  const lab = await labBy([installation.command])
  const page = await LabPage.open(browser, lab.url)
  onTestFinished(() => page.close())
  const answer = async (line: string) => {
    const answered = await lab.command(line)
    return answered.ok ? (answered.output[0] ?? '') : answered.error
  }
  await walkThrough(
    {
      type: async (line) => {
        // The page sends the last message.
        if (line === '0 msg 3 network') await page.say(0, 'network')
        else if (line !== 'exit' && !/^\d start .* \d+$/.test(line))
          expect(await lab.command(line)).toMatchObject({ ok: true })
        else if (line.startsWith('1 start')) await lab.command(line)
      },
      chatLog: async (id, wanted) => {
        await expect.poll(() => answer(`${id} get chatLog`)).toBe(wanted)
        return wanted
      },
    },
    (id) => lab.basePort + id,
  )
  await page.seesNode(3, /9 messages/)
  expect(page.errors).toEqual([])
})

test('its check passes its own node', async () => {
  const { command, home } = installation
  const tests = ['--only', 'agreement after quiet', '--only', 'a stopped neighbour'] as const
  const { stdout } = await installation.run(command, ['check', `'${home}/bin/process'`, ...tests, '--runs', '2'])
  expect(stdout).toMatch(/^2 tests: 2 passed/m)
})

test('proxy.py plays the walkthrough with links to its programs', async () => {
  const directory = join(installation.folder, 'course')
  for (const program of ['process', 'stopall']) symlinkInto(directory, program)
  const ports = await freePorts(4)
  const env = { ...installation.env, RUMORSCOPE_ROOT_ID: `${ports.udp}` }
  const proxy = new CourseProxy({ directory, env, user: installation.user, isPatient: true })
  onTestFinished(() => proxy.cleanUp())
  const port = (id: number) => ports.tcp + id
  await walkThrough(courseWalker(proxy, port), port)
  expect(proxy.lost).toEqual([])
})

test('npx starts it from the tarball, and Ctrl-C ends it', async () => {
  const npx = join(installation.npm, '../npx-cli.js')
  const command = ['node', npx, '--yes', `./${basename(installation.tarball)}`]
  const lab = await startLab({ installed: { command, how: { ...installation.how, detached: true } } })
  onTestFinished(() => lab.stop())
  expect((await lab.state()).nodes).toHaveLength(4)
  // A terminal signals all processes of a command.
  process.kill(-lab.pid, 'SIGINT')
  await expect
    .poll(() =>
      fetch(lab.url).then(
        () => 'there',
        () => 'gone',
      ),
    )
    .toBe('gone')
})

function symlinkInto(directory: string, program: string) {
  installation.makeFolder('course')
  symlinkSync(join(installation.home, 'bin', program), join(directory, program))
}
