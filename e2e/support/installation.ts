/**
 * The tarball, installed as an ordinary user does it: in a folder with an odd name, with npm's own files and without a
 * network. A test that runs as root becomes another user for that.
 */
import { execFile, execFileSync, type SpawnOptions } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
} from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const ROOT = join(import.meta.dirname, '../..')
const NOBODY = 65_534
const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}

export class Installation {
  /** Not in the folder for temporary files, which other users may be unable to enter. */
  readonly folder = mkdtempSync(join('/tmp', 'rs Übung $-'))
  readonly npm = npmCli()
  readonly tarball: string
  readonly how: SpawnOptions
  readonly env: Readonly<Record<string, string>>

  /** Packs the checkout, which must be built. */
  constructor() {
    const bin = this.makeFolder('node/bin')
    copyFileSync(process.execPath, join(bin, 'node'))
    this.env = {
      HOME: this.makeFolder('home'),
      // Without the checkout's node_modules/.bin.
      PATH: `${bin}:/usr/bin:/bin`,
      TMPDIR: this.makeFolder('tmp'),
      RUMORSCOPE_RUNTIME: this.makeFolder('run'),
      XDG_STATE_HOME: this.makeFolder('state'),
      npm_config_cache: this.makeFolder('cache'),
      npm_config_offline: 'true',
      npm_config_update_notifier: 'false',
    }
    execFileSync(process.execPath, [this.npm, 'pack', '--ignore-scripts', '--pack-destination', this.folder], {
      cwd: ROOT,
      stdio: 'pipe',
    })
    this.tarball = join(this.folder, readdirSync(this.folder).find((name) => name.endsWith('.tgz')) ?? '')
    this.#own(this.folder)
    chmodSync(this.folder, 0o755)
    this.how = { cwd: this.folder, env: this.env, ...user }
  }

  get user() {
    return user
  }

  /** Installs it as `npm install --global` does. */
  async install(): Promise<void> {
    await this.run(join(this.folder, 'node/bin/node'), [
      this.npm,
      'install',
      '--global',
      '--prefix',
      this.makeFolder('global'),
      this.tarball,
    ])
  }

  /** The package, once it is installed. */
  get home(): string {
    return join(this.folder, 'global/lib/node_modules/rumorscope')
  }

  get command(): string {
    return join(this.folder, 'global/bin/rumorscope')
  }

  /** @throws (rejects) with its output if the program fails. */
  run(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    return promisify(execFile)(program, args, { ...this.how, env: { ...this.env, ...env }, encoding: 'utf8' })
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** Makes a folder in this one that belongs to the user. */
  makeFolder(name: string): string {
    const path = join(this.folder, name)
    mkdirSync(path, { recursive: true })
    this.#own(path)
    return path
  }

  #own(path: string) {
    if (user.uid !== undefined) chownSync(path, user.uid, user.gid)
  }
}

/** Returns npm's own program, which runs under every Node. */
export function npmCli(): string {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const npm = folders.map((folder) => join(folder, 'npm')).find((file) => existsSync(file))
  if (npm === undefined) throw new Error('there is no npm on the PATH')
  return realpathSync(npm)
}
