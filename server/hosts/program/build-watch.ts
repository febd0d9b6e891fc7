/**
 * Notices new builds of programs. The system notifies, so that nothing is polled. A build is new once its files have
 * not changed for a while and may be run: a linker writes for some time, and sets the run bit last.
 */
import { accessSync, constants, type FSWatcher, realpathSync, statSync, watch } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { messageOf } from '../../../shared/lab/refusal.ts'
import { formatMs } from '../../../shared/text/format.ts'
import { statOfFile } from '../../platform/stat-of-file.ts'
import type { Program } from './program.ts'

/** Time without a change after which a build counts as complete, in ms. */
const QUIET_MS = 500
/** Longest time that a start waits for a build, in ms. */
const BUILD_PATIENCE_MS = 10_000

export interface BuildWatchOptions {
  readonly programs: readonly Program[]
  /** A build is complete, and differs from the one before. */
  readonly onNew: () => void
  /** Says that changes will not be noticed, and why. */
  readonly complain: (line: string) => void
}

export class BuildWatch {
  readonly #options: BuildWatchOptions
  readonly #watchers: FSWatcher[] = []
  #timer: NodeJS.Timeout | undefined
  #known: string

  constructor(options: BuildWatchOptions) {
    this.#options = options
    this.#known = this.#build()
    const files = new Set(options.programs.flatMap(filesOf).flatMap((file) => [file, realpathSync(file)]))
    const names = new Map<string, Set<string>>()
    for (const file of files) names.set(dirname(file), (names.get(dirname(file)) ?? new Set()).add(basename(file)))
    for (const [folder, watched] of names) this.#watch(folder, watched)
  }

  close() {
    clearTimeout(this.#timer)
    for (const watcher of this.#watchers) watcher.close()
  }

  /** Waits for the end of a build. Resolves with why no program can be started; undefined when they can. */
  async complete(): Promise<string | undefined> {
    // The system's notice may still be on its way.
    if (this.#build() !== this.#known) this.#changed()
    for (let waited = 0; this.#timer !== undefined && waited < BUILD_PATIENCE_MS; waited += QUIET_MS)
      await wait(QUIET_MS)
    if (this.#timer !== undefined)
      return `your program has been changing for ${formatMs(BUILD_PATIENCE_MS)}: start it when its build has ended`
    return this.#options.programs.map(whyNotRun).find((why) => why !== undefined)
  }

  /** A folder is watched: most builds replace a file by another one of that name. */
  #watch(folder: string, names: ReadonlySet<string>) {
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => {
        if (name === null || names.has(name)) this.#changed()
      })
      watcher.on('error', () => watcher.close())
      this.#watchers.push(watcher)
    } catch (error) {
      this.#options.complain(`new builds of the program are not noticed: ${messageOf(error)}`)
    }
  }

  #changed() {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#look(), QUIET_MS)
    this.#timer.unref()
  }

  #look() {
    this.#timer = undefined
    const build = this.#build()
    // A file that may not be run yet is looked at again when that changes.
    if (build === this.#known || this.#options.programs.some(whyNotRun)) return
    this.#known = build
    this.#options.onNew()
  }

  #build = () => this.#options.programs.map(buildOf).join()
}

/** Returns a value that identifies the build of a program. */
export const buildOf = (program: Program): string => filesOf(program).map(identityOf).join()

/** The words of its command that name files: the program itself, or a script or an archive that another program runs. */
const filesOf = ({ argv, folder }: Program): string[] =>
  argv.map((word) => resolve(folder, word)).filter((file) => statOfFile(file)?.isFile())

function identityOf(file: string): string {
  const { ino, size, mtimeMs } = statOfFile(file) ?? {}
  return `${file}:${ino}:${size}:${mtimeMs}`
}

function whyNotRun({ argv: [file = ''], folder }: Program): string | undefined {
  // A command without a path is found on the PATH when it starts.
  if (!file.includes('/')) return undefined
  const path = resolve(folder, file)
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).size > 0 ? undefined : `${basename(file)} is empty: build it, then start it`
  } catch {
    return `${basename(file)} is missing or may not be run: build it, then start it`
  }
}
