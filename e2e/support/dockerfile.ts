/**
 * Carries out a Dockerfile without Docker: each stage is a folder, and its commands run on this machine. It knows the
 * instructions and the forms that ours uses, and refuses others. Paths in RUN must be relative.
 */
import { type SpawnOptions, spawnSync } from 'node:child_process'
import { chownSync, cpSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

interface Options {
  readonly text: string
  /** Folder of the sources, without the files that .dockerignore names. */
  readonly context: string
  /** Folder in which the stages are made. */
  readonly within: string
  readonly env: NodeJS.ProcessEnv
  /** The user that USER switches to. */
  readonly user: { readonly uid?: number; readonly gid?: number }
}

export interface Image {
  readonly command: readonly string[]
  readonly how: SpawnOptions
  readonly stages: number
}

export function carryOut({ text, context, within, env, user }: Options): Image {
  const stages = new Map<string, string>()
  let root = ''
  let folder = ''
  let isUser = false
  let entry: string[] = []
  let rest: string[] = []
  const copy = (words: readonly string[]) => {
    const [, stage] = /^--from=(.+)$/.exec(words[0] ?? '') ?? []
    const from = stage === undefined ? context : (stages.get(stage) ?? '')
    const [to = '', ...paths] = (stage === undefined ? [...words] : words.slice(1)).reverse()
    if (!to.startsWith('.')) throw new Error(`COPY to ${to}: write it relative to WORKDIR`)
    for (const path of paths)
      for (const file of matches(join(from, path)))
        cpSync(file, statSync(file).isDirectory() ? folder : join(folder, basename(file)), { recursive: true })
  }
  const run = (command: string) => {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
      cwd: folder,
      env: { ...env, npm_config_prefix: join(root, 'usr/local') },
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`RUN ${command}: ${status}\n${stdout}${stderr}`)
  }
  for (const [word, words] of instructions(text)) {
    const line = words.join(' ')
    if (word === 'FROM') {
      root = join(within, `stage-${stages.size}`)
      stages.set(words[2] ?? 'last', root)
    } else if (word === 'WORKDIR') {
      folder = join(root, line)
      mkdirSync(folder, { recursive: true })
    } else if (word === 'COPY') copy(words)
    else if (word === 'RUN') run(line)
    else if (word === 'USER') isUser = true
    else if (word === 'ENTRYPOINT') entry = JSON.parse(line)
    else if (word === 'CMD') rest = JSON.parse(line)
    else if (word !== 'EXPOSE') throw new Error(`an instruction that is not known here: ${word}`)
  }
  if (!isUser) throw new Error('the image runs as root: name a USER')
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid)
  const [program = '', ...words] = entry
  return {
    command: [join(root, 'usr/local/bin', program), ...words, ...rest],
    how: { cwd: folder, env, ...user },
    stages: stages.size,
  }
}

/** Returns the files that a path with a star in its last name stands for. */
function matches(path: string): string[] {
  const [before = '', after] = basename(path).split('*')
  if (after === undefined) return [path]
  const names = readdirSync(dirname(path)).filter((name) => name.startsWith(before) && name.endsWith(after))
  if (names.length === 0) throw new Error(`COPY ${path}: there is no such file`)
  return names.map((name) => join(dirname(path), name))
}

function instructions(text: string): [word: string, words: string[]][] {
  const lines = text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
    .split('\n')
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [word = '', ...words] = line.trim().split(/\s+/)
      return [word, words]
    })
}
