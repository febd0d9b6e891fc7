import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdir, open, readFile, rename, symlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { freePorts } from '../test-support/ports.ts'
import { folderOfTest } from '../test-support/runtime.ts'
import { addressProblem, fileWords } from './system-errors.ts'

/** The system's error for an address in use. */
async function taken(bind: () => NodeJS.EventEmitter & { close(): unknown }): Promise<unknown> {
  const first = bind()
  onTestFinished(() => void first.close())
  await once(first, 'listening')
  return (await once(bind(), 'error'))[0]
}

test('an address in use is the one that the system names', async () => {
  const { tcp, udp } = await freePorts(1)
  const socket = join(await folderOfTest(), 'x.sock')
  const words = [
    await taken(() => createServer().listen(tcp, '127.0.0.1')),
    await taken(() => createServer().listen(tcp, '127.0.0.2')),
    await taken(() => createSocket('udp4').bind(udp, '127.0.0.1')),
    await taken(() => createServer().listen(socket)),
  ].map(addressProblem)
  expect(words).toEqual([
    { port: tcp, isInUse: true, what: `TCP port ${tcp} is in use` },
    { port: tcp, isInUse: true, what: `TCP port ${tcp} of 127.0.0.2 is in use` },
    { port: udp, isInUse: true, what: `UDP port ${udp} is in use` },
    { port: undefined, isInUse: true, what: `socket ${socket} is in use` },
  ])
})

test('an address that the system reserves is not reported as in use', () => {
  const error = (code: string, fields: object) => Object.assign(new Error(code), { code, syscall: 'listen', ...fields })
  const words = [
    error('EACCES', { address: '127.0.0.1', port: 80 }),
    error('EACCES', { address: '0.0.0.0', port: 5_450 }),
    error('EPERM', { syscall: 'bind', address: '127.0.0.1', port: 1_023 }),
    error('EACCES', { address: '/run/x.sock', port: -1 }),
  ].map(addressProblem)
  expect(words).toEqual([
    { port: 80, isInUse: false, what: 'TCP port 80 is reserved by the system, as those below 1024 are' },
    { port: 5_450, isInUse: false, what: 'TCP port 5450 of 0.0.0.0 is reserved by the system' },
    { port: 1_023, isInUse: false, what: 'UDP port 1023 is reserved by the system, as those below 1024 are' },
    { port: undefined, isInUse: false, what: 'socket /run/x.sock cannot be created there' },
  ])
})

test('errors of another kind name no address', () => {
  const open = Object.assign(new Error('EACCES'), { code: 'EACCES', syscall: 'open', path: '/x' })
  expect([open, new Error('EADDRINUSE'), undefined, null, 'EACCES'].map(addressProblem)).toEqual(
    Array(5).fill(undefined),
  )
})

test('the reason why a file could not be read or written has no codes and calls of the system', async () => {
  const folder = await folderOfTest()
  const place = (name: string) => join(folder, name)
  await Promise.all([symlink('loop', place('loop')), mkdir(place('full/x'), { recursive: true })])
  await (await open(place('file'), 'w')).close()
  const attempts = [
    () => readFile(place('nowhere')),
    () => readFile(place('file/x')),
    () => readFile(place('loop')),
    () => readFile(place('x'.repeat(300))),
    () => readFile(folder),
    () => open(place('file'), 'wx'),
    () => rename(place('loop'), place('full')),
  ]
  const words = await Promise.all(attempts.map((attempt) => attempt().then(() => 'done', fileWords)))
  expect(words).toEqual([
    'there is no such file or folder',
    'part of its path is not a folder',
    'its symbolic links form a loop',
    'its name is too long',
    'it is a folder',
    'file already exists',
    'it is a folder',
  ])
})
