/**
 * A checkout with the real programs of bin and scripts, and with fake npm and vite that only log their calls: "npm ci"
 * puts the fake vite and npm's record into node_modules, and vite makes the files of a build.
 */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

const FAKE_VITE = `
const fs = require('node:fs')
fs.appendFileSync('calls', 'vite ' + process.argv.slice(2).join(' ') + '\\n')
if (fs.existsSync('build-fails')) { console.log('a syntax error'); process.exit(1) }
const makeAll = () => {
  const server = ['main.js', 'stopall.js', 'run.js', 'bench.js', 'soak.js'].map((name) => 'dist/server/' + name)
  for (const file of [...server, 'dist/web/index.html', 'dist/node/process.cjs']) {
    fs.mkdirSync(require('node:path').dirname(file), { recursive: true })
    fs.writeFileSync(file, "console.log('built', ...process.argv.slice(2))\\nexports.isWholeBuild = true")
  }
}
if (fs.existsSync('build-waits')) {
  fs.writeFileSync('build-waiting', '')
  const look = setInterval(() => { if (!fs.existsSync('build-waits')) { clearInterval(look); makeAll() } }, 10)
} else makeAll()
`

/** It reaches its registry unless there is a file no-network; then it has the packages if there is a file in-cache. */
const FAKE_NPM = `
const fs = require('node:fs')
const noWay = (code) => { console.error('npm error code ' + code); process.exit(1) }
const isOffline = fs.existsSync('no-network')
if (process.argv[2] === 'ping') { if (isOffline) noWay('EAI_AGAIN'); process.exit() }
if (isOffline !== process.argv.includes('--offline')) throw new Error('it asked nobody whether there is a network')
if (isOffline && !fs.existsSync('in-cache')) noWay('ENOTCACHED')
fs.appendFileSync('calls', 'npm ' + process.argv[2] + '\\n')
fs.rmSync('node_modules', { recursive: true, force: true })
fs.mkdirSync('node_modules/vite/bin', { recursive: true })
fs.copyFileSync('fake-vite.cjs', 'node_modules/vite/bin/vite.js')
fs.copyFileSync('package-lock.json', 'node_modules/.package-lock.json')
`

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Started {
  readonly child: ChildProcess
  /** Resolves when it is gone and all its output has been read. */
  readonly ended: Promise<Ended>
}

export class Checkout {
  readonly root = mkdtempSync(join(tmpdir(), 'rumorscope-checkout-'))
  readonly #children: ChildProcess[] = []

  constructor() {
    for (const folder of ['bin', 'scripts'])
      cpSync(join(ROOT, folder), join(this.root, folder), { recursive: true, filter: (path) => !path.endsWith('.log') })
    this.put('package.json', JSON.stringify({ engines: { node: '^20.19.0 || >=22.12.0' } }))
    this.put('package-lock.json', lockFile('1.0.0'))
    this.put('tsconfig.json', '{}')
    this.put('vite.config.ts', '')
    this.put('shared/rule.ts', 'export const rule = 1')
    this.put('shared/rule.test.ts', '')
    this.put('server/cli/lab.ts', '')
    this.put('web/index.html', '')
    this.put('lessons/01-a-line.md', '')
    this.put('e2e/bench.ts', '')
    this.put('fake-vite.cjs', FAKE_VITE)
    this.put('npm-cli.js', FAKE_NPM)
  }

  put(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true })
    writeFileSync(join(this.root, path), text)
  }

  /** Returns the content of a file; empty if there is none. */
  read(path: string): string {
    const file = join(this.root, path)
    return existsSync(file) ? readFileSync(file, 'utf8') : ''
  }

  /** The calls of npm and vite, in order. */
  calls(): string[] {
    return this.read('calls').split('\n').slice(0, -1)
  }

  start(command: string, args: readonly string[], options: SpawnOptions = {}): Started {
    const child = spawn(command, args, {
      cwd: this.root,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...options,
      env: { ...process.env, npm_execpath: join(this.root, 'npm-cli.js'), ...options.env },
    })
    this.#children.push(child)
    const ended = new Promise<Ended>((resolve) => {
      let stdout = ''
      let stderr = ''
      child.stdout?.on('data', (chunk) => {
        stdout += chunk
      })
      child.stderr?.on('data', (chunk) => {
        stderr += chunk
      })
      child.on('close', (code) => resolve({ code, stdout, stderr }))
    })
    return { child, ended }
  }

  /** Resolves when there is such a file; rejects when no process is left that could make it. */
  async appears(path: string): Promise<void> {
    while (!existsSync(join(this.root, path))) {
      if (this.#children.every(({ exitCode }) => exitCode !== null)) throw new Error(`nobody is left who makes ${path}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  /** Ends its processes, and exits. */
  async remove(): Promise<void> {
    for (const child of this.#children) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      child.kill('SIGKILL')
      await new Promise((resolve) => child.once('exit', resolve))
    }
    rmSync(this.root, { recursive: true, force: true })
  }
}

export function lockFile(version: string): string {
  return JSON.stringify({
    packages: { '': {}, 'node_modules/a': { version }, 'node_modules/b': { version, optional: true } },
  })
}
