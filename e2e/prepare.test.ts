import { once } from 'node:events'
import { existsSync, readdirSync, rmSync, utimesSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { Checkout, type Ended, lockFile, type Started } from './support/checkout.ts'
import { npmCli } from './support/installation.ts'

let checkout: Checkout

beforeEach(() => {
  checkout = new Checkout()
})

afterEach(() => checkout.remove())

const put = (path: string, text: string) => checkout.put(path, text)
const calls = () => checkout.calls()
const appears = (path: string) => checkout.appears(path)
const startScript = (script: string, ...args: string[]) =>
  checkout.start(process.execPath, [join('scripts', script), ...args])
const start = (...args: string[]) => startScript('prepare.cjs', ...args)
const prepare = (...args: string[]): Promise<Ended> => start(...args).ended

test('a fresh clone is installed and built, with one line for each', async () => {
  const { code, stderr, stdout } = await prepare()
  expect(stderr).toBe('rumorscope: installing packages from the npm registry\nrumorscope: building\n')
  expect(stdout).toBe('')
  expect(code).toBe(0)
  expect(calls()).toEqual(['npm ci', 'vite build --app'])
})

test('a ready checkout is left alone, without output', async () => {
  await prepare()
  const { code, stderr } = await prepare()
  expect(stderr).toBe('')
  expect(code).toBe(0)
  expect(calls()).toHaveLength(2)
})

test('another lock file is installed and built again', async () => {
  await prepare()
  put('package-lock.json', lockFile('1.0.1'))
  await prepare()
  expect(calls()).toEqual(['npm ci', 'vite build --app', 'npm ci', 'vite build --app'])
})

test('deleted packages are installed again', async () => {
  await prepare()
  rmSync(join(checkout.root, 'node_modules'), { recursive: true })
  await prepare()
  expect(calls()).toEqual(['npm ci', 'vite build --app', 'npm ci'])
})

test('packages that somebody installed by hand are not installed again', async () => {
  put('node_modules/vite/bin/vite.js', checkout.read('fake-vite.cjs'))
  put('node_modules/.package-lock.json', JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } }))
  await prepare()
  expect(calls()).toEqual(['vite build --app'])
})

test('packages of another version that somebody installed by hand are replaced', async () => {
  put('node_modules/.package-lock.json', JSON.stringify({ packages: { 'node_modules/a': { version: '0.9.0' } } }))
  await prepare()
  expect(calls()).toEqual(['npm ci', 'vite build --app'])
})

test('a changed, a new and a deleted source each lead to a build', async () => {
  await prepare()
  put('shared/rule.ts', 'export const rule = 2')
  await prepare()
  put('server/new.ts', '')
  await prepare()
  rmSync(join(checkout.root, 'server/new.ts'))
  await prepare()
  expect(calls().filter((call) => call === 'vite build --app')).toHaveLength(4)
})

test('a changed test, and a source that only got another time, lead to no build', async () => {
  await prepare()
  put('shared/rule.test.ts', 'changed')
  utimesSync(join(checkout.root, 'shared/rule.ts'), new Date(), new Date())
  await prepare()
  expect(calls()).toHaveLength(2)
})

test('a missing part of the build is built', async () => {
  await prepare()
  rmSync(join(checkout.root, 'dist/node/process.cjs'))
  await prepare()
  expect(existsSync(join(checkout.root, 'dist/node/process.cjs'))).toBe(true)
})

test('a build that fails shows why, exits with 1, and is tried again the next time', async () => {
  put('build-fails', '')
  const failed = await prepare()
  expect(failed.code).toBe(1)
  expect(failed.stderr).toContain('a syntax error\nvite build failed (exit 1)')
  rmSync(join(checkout.root, 'build-fails'))
  expect((await prepare()).code).toBe(0)
})

test('without a network it says at once what it waits for, and how to set a proxy', async () => {
  put('no-network', '')
  const { code, stderr } = await prepare()
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /^rumorscope: installing packages from the npm registry\nrumorscope: npm cannot reach its registry \(EAI_AGAIN\)[^\n]+ npm config set proxy [^\n]+\n$/,
  )
})

test('a registry that takes connections and never answers is reported, and then counts as unreachable', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const wants = { name: 'clone', version: '1.0.0', dependencies: { a: '1.0.0' } }
  const a = { version: '1.0.0', resolved: `${registry}/a/-/a-1.0.0.tgz`, integrity: 'sha512-AAAA' }
  put('package.json', JSON.stringify({ ...wants, engines: { node: '>=20' } }))
  put(
    'package-lock.json',
    JSON.stringify({ ...wants, lockfileVersion: 3, packages: { '': wants, 'node_modules/a': a } }),
  )
  const env = {
    npm_execpath: npmCli(),
    npm_config_registry: registry,
    npm_config_cache: join(checkout.root, 'cache'),
    npm_config_fetch_timeout: '8000',
    npm_config_offline: 'false',
    npm_config_prefer_offline: 'false',
  }
  const { code, stderr } = await checkout.start(process.execPath, ['scripts/prepare.cjs'], { env }).ended
  expect(code).toBe(1)
  const [installing, waiting, why, ...rest] = stderr.split('\n')
  expect(installing).toBe('rumorscope: installing packages from the npm registry')
  expect(waiting).toMatch(/^rumorscope: still waiting for the npm registry; .* npm config set proxy /)
  expect(why).toMatch(/^rumorscope: npm cannot reach its registry \(no answer\), .* npm config set proxy /)
  expect(rest).toEqual([''])
})

test('without a network it installs what npm has in its cache', async () => {
  put('no-network', '')
  put('in-cache', '')
  expect(await prepare()).toMatchObject({ code: 0 })
  expect(calls()).toEqual(['npm ci', 'vite build --app'])
})

test('a package, which has its build and no sources, is ready as it is', async () => {
  await prepare()
  for (const path of ['vite.config.ts', 'package-lock.json', 'node_modules', 'shared', 'server', 'web'])
    rmSync(join(checkout.root, path), { recursive: true })
  expect(await prepare()).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(calls()).toHaveLength(2)
  rmSync(join(checkout.root, 'dist/web/index.html'))
  expect(await prepare()).toMatchObject({
    code: 1,
    stderr: 'rumorscope: this installation has no dist/web/index.html: install Rumorscope again\n',
  })
})

test('two at once do the work once', async () => {
  const [one, other] = await Promise.all([prepare(), prepare()])
  expect([one.code, other.code]).toEqual([0, 0])
  expect(calls()).toEqual(['npm ci', 'vite build --app'])
  expect(readdirSync(join(checkout.root, 'dist')).sort()).toEqual(['.built-from', 'node', 'server', 'web'])
})

test('a second preparation waits, says for which process, and finds all done', async () => {
  put('build-waits', '')
  const first = start()
  await appears('build-waiting')
  const second = start()
  await says(second, 'waiting for the preparation that process')
  rmSync(join(checkout.root, 'build-waits'))
  expect([(await first.ended).code, (await second.ended).code]).toEqual([0, 0])
  expect(calls()).toEqual(['npm ci', 'vite build --app'])
})

test('the lock of a killed preparation does not block the next', async () => {
  put('build-waits', '')
  const first = start()
  await appears('build-waiting')
  first.child.kill('SIGKILL')
  await first.ended
  rmSync(join(checkout.root, 'build-waits'))
  expect((await prepare()).code).toBe(0)
})

test('the end of a preparation ends the build that it runs', async () => {
  put('build-waits', '')
  const first = start()
  await appears('build-waiting')
  first.child.kill('SIGTERM')
  const { code, stderr } = await first.ended
  expect(code).toBe(1)
  expect(stderr).toBe(
    'rumorscope: installing packages from the npm registry\nrumorscope: building\nvite build was ended by SIGTERM\n',
  )
})

test('a damaged lock file, and a place that cannot be written to, are reported in one sentence', async () => {
  await prepare()
  put('node_modules/.package-lock.json', '{}')
  put('package-lock.json', '{"packages": \x1b[31m')
  expect(await prepare()).toMatchObject({
    code: 1,
    stderr: 'rumorscope: package-lock.json is damaged; git checkout package-lock.json\n',
  })
  put('package-lock.json', lockFile('1.0.0'))
  rmSync(join(checkout.root, 'dist'), { recursive: true })
  put('dist', '')
  const { code, stderr } = await prepare()
  expect(code).toBe(1)
  expect(stderr).toMatch(/^rumorscope: this checkout cannot be made ready: E\w+: .*dist.*\n$/)
})

test('a damaged build is reported in one sentence by the program that loads it', async () => {
  put('package.json', '{"type": "module", "engines": {"node": ">=20.19.0"}}')
  for (const [program, text] of [
    ['stopall', 'import { nothing } from "./chunk.js"'],
    ['run', 'half a'],
    ['main', ''],
    // Cut short between two lines it would silently do nothing.
    ['main', 'const half = 1'],
  ]) {
    put(`dist/server/${program}.js`, text ?? '')
    const { code, stderr } = await startScript('start.cjs', program ?? '').ended
    expect(code).toBe(1)
    expect(stderr).toMatch(/^rumorscope: the build in dist is damaged \(.+\); run npm run build to rebuild it\n$/)
  }
})

test('a Node that is too old prints the required version and where to get it', async () => {
  put('package.json', JSON.stringify({ engines: { node: '^18.0.0 || >=99.1.0' } }))
  const { code, stderr } = await prepare()
  expect(code).toBe(1)
  expect(stderr).toContain(`Rumorscope needs Node 18, 99.1 or later; this is Node ${process.versions.node}.`)
  expect(stderr).toContain('https://nodejs.org')
  expect(calls()).toEqual([])
})

test('with --build-only nothing is ever installed', async () => {
  const refused = await prepare('--build-only')
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain('run npm ci')
  await prepare()
  put('shared/rule.ts', 'export const rule = 2')
  expect((await prepare('--build-only')).code).toBe(0)
  expect(calls()).toEqual(['npm ci', 'vite build --app', 'vite build --app'])
})

function says({ child }: Started, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr?.on('data', (chunk) => {
      said += chunk
      if (said.includes(text)) resolve()
    })
    child.on('close', () => reject(new Error(`it ended and said: ${said}`)))
  })
}
