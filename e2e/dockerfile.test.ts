/** Carries out the steps of the Dockerfile on this machine. It needs the network, or npm's cache of an earlier run. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startLab } from '../server/test-support/lab-process.ts'
import { carryOut } from './support/dockerfile.ts'
import { Installation } from './support/installation.ts'

const ROOT = join(import.meta.dirname, '..')

test('the Dockerfile builds a lab in two stages, and an ordinary user runs it', async () => {
  const installation = new Installation()
  onTestFinished(() => installation.remove())
  const image = carryOut({
    text: readFileSync(join(ROOT, 'Dockerfile'), 'utf8'),
    context: contextIn(join(installation.folder, 'context')),
    within: installation.folder,
    env: {
      ...installation.env,
      npm_config_cache: process.env.npm_config_cache,
      npm_config_offline: 'false',
      npm_config_prefer_offline: 'true',
    },
    user: installation.user,
  })
  expect(image.stages).toBe(2)
  const how = { ...image.how, env: installation.env }
  const lab = await startLab({ installed: { command: image.command, how } })
  onTestFinished(() => lab.stop())
  // Everybody may look; only the key gives control.
  expect(await (await fetch(lab.url)).text()).toContain('<div id="root">')
  expect(lab.key).toMatch(/./)
  expect(await lab.command('0 msg 1 hello')).toEqual({ ok: true, output: [] })
})

/** Copies the files that git has, or would have: Docker gets the folder without those that .dockerignore names. */
function contextIn(folder: string): string {
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  for (const path of list.split('\0').filter(Boolean)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    cpSync(join(ROOT, path), join(folder, path))
  }
  return folder
}
