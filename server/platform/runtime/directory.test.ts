import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { folderOfTest } from '../../test-support/runtime.ts'
import { ensureRuntimeDirectory, FolderRefusal, ownFolder, runtimeDirectory } from './directory.ts'

const NAME = `rumorscope-${process.getuid?.()}`
const NOBODY = 65_534
const modeOf = (path: string) => lstatSync(path).mode & 0o777

/** The folder, and the complaints about it. */
function find(env: NodeJS.ProcessEnv) {
  const said: string[] = []
  return { directory: runtimeDirectory(env, (what) => said.push(what)), said }
}

describe('the runtime folder', () => {
  test('is a folder of our own in the one that RUMORSCOPE_RUNTIME names, else in that of the session', async () => {
    const session = await folderOfTest()
    expect(find({ RUMORSCOPE_RUNTIME: '/here', XDG_RUNTIME_DIR: session })).toEqual({
      directory: `/here/${NAME}`,
      said: [],
    })
    expect(find({ XDG_RUNTIME_DIR: session })).toEqual({ directory: join(session, NAME), said: [] })
    expect(find({})).toEqual({ directory: join(tmpdir(), NAME), said: [] })
  })

  test('is refused if the one for temporary files is not UTF-8, unless another is named', async () => {
    const session = await folderOfTest()
    vi.stubEnv('TMPDIR', '/tmp/\ufffd')
    onTestFinished(() => void vi.unstubAllEnvs())
    expect(() => find({})).toThrow(/^the folder .*TMPDIR.* is not UTF-8; set RUMORSCOPE_RUNTIME/)
    expect(() => find({ XDG_RUNTIME_DIR: '/nowhere/at/all' })).toThrow(FolderRefusal)
    expect(find({ XDG_RUNTIME_DIR: session }).said).toEqual([])
  })

  test('is refused if its path would lead elsewhere from another folder', () => {
    for (const path of ['here', './here', '../here'])
      expect(() => find({ RUMORSCOPE_RUNTIME: path })).toThrow(
        `RUMORSCOPE_RUNTIME is ${path}, which is not an absolute path: set it to ${resolve(path)}`,
      )
  })

  test.each([
    ['/nowhere/at/all', 'does not exist'],
    ['/dev/null', 'is not a folder'],
    ['run', 'is not an absolute path'],
    ['/tmp/\ufffd', 'is not UTF-8'],
    // To root it looks writable.
    ['/proc', process.getuid?.() === 0 ? 'does not allow new folders' : 'belongs to another user'],
  ])('is among the temporary ones, and a complaint says so, if XDG_RUNTIME_DIR is %s', (session, why) => {
    const directory = join(tmpdir(), NAME)
    const said = [`XDG_RUNTIME_DIR is ${session}, which ${why}; using ${directory}`]
    expect(find({ XDG_RUNTIME_DIR: session })).toEqual({ directory, said })
  })

  test('is not in the session of another user, as after sudo', async () => {
    const { directory, said } = find({ XDG_RUNTIME_DIR: await folderOfAnother() })
    expect(directory).toBe(join(tmpdir(), NAME))
    expect(said).toEqual([expect.stringContaining('belongs to another user')])
  })

  test('is made for its user only, and the parent folder stays unchanged', async () => {
    const around = await folderOfTest()
    chmodSync(around, 0o755)
    writeFileSync(join(around, 'generation-40000'), 'not ours')
    const directory = ownFolder(around)
    for (const _ of [1, 2]) expect(ensureRuntimeDirectory(directory)).toBe(directory)
    expect([modeOf(directory), modeOf(around)]).toEqual([0o700, 0o755])
    expect(readdirSync(around).sort()).toEqual(['generation-40000', NAME])
  })

  test('is made with its parent folders', async () => {
    const directory = join(await folderOfTest(), 'a', 'b')
    ensureRuntimeDirectory(directory)
    expect(statSync(directory).isDirectory()).toBe(true)
  })
})

describe('a folder under our name is refused, and left unchanged,', () => {
  const refused = (directory: string, why: RegExp) => {
    const before = modeOf(directory)
    expect(() => ensureRuntimeDirectory(directory)).toThrow(FolderRefusal)
    expect(() => ensureRuntimeDirectory(directory)).toThrow(why)
    expect(modeOf(directory)).toBe(before)
  }

  test.each([0o755, 0o770, 0o701])('when it is open to others: mode %o', async (mode) => {
    const directory = ownFolder(await folderOfTest())
    mkdirSync(directory)
    chmodSync(directory, mode)
    refused(directory, new RegExp(`open to other users \\(mode ${mode.toString(8)}\\).*RUMORSCOPE_RUNTIME`))
  })

  test('when somebody else made it', async () => {
    refused(await folderOfAnother(), /belongs to another user; set RUMORSCOPE_RUNTIME/)
  })

  test('when it is a link, to one of our folders too', async () => {
    const around = await folderOfTest()
    mkdirSync(join(around, 'target'), 0o700)
    symlinkSync(join(around, 'target'), ownFolder(around))
    refused(ownFolder(around), /is not a folder/)
    symlinkSync(join(around, 'nothing'), join(around, 'dangling'))
    refused(join(around, 'dangling'), /is not a folder/)
  })

  test('when it is a file', async () => {
    const directory = ownFolder(await folderOfTest())
    writeFileSync(directory, '')
    refused(directory, /is not a folder/)
  })
})

test.each(['/dev/null', '/proc'])('a folder that cannot be made in %s is refused with its name', (around) => {
  const why = new RegExp(`^the runtime folder cannot be created: .*${around}/rumorscope.*; set RUMORSCOPE_RUNTIME`)
  expect(() => ensureRuntimeDirectory(ownFolder(around))).toThrow(why)
})

/** Root can give a folder away; other users find one of root's. */
async function folderOfAnother(): Promise<string> {
  if (process.getuid?.() !== 0) return '/usr'
  const folder = await folderOfTest()
  chownSync(folder, NOBODY, NOBODY)
  return folder
}
