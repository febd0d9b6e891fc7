import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { limitsOf } from './limits.ts'

/** Starts processes until the system refuses, says how many there were, and ends them all. */
const FORK_BOMB = `
import os, signal
os.setpgid(0, 0)
count = 0
try:
    while count < 5000:
        if os.fork() == 0:
            signal.pause()
        count += 1
except OSError as error:
    print(count, error.strerror, flush=True)
os.killpg(0, signal.SIGKILL)
`
const NAMESPACE = ['--user', '--map-root-user', '--net']
/** Root has no limit. */
const USER = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

test('a program that starts processes without end gets so many, and an ordinary user keeps the machine', async () => {
  const limits = limitsOf(process.env, true)
  const bomb = spawn('unshare', [...NAMESPACE, ...limits, 'python3', '-c', FORK_BOMB], { ...USER, cwd: '/' })
  let output = ''
  bomb.stdout.setEncoding('utf8').on('data', (text) => {
    output += text
  })
  await once(bomb, 'close')
  expect(output).toMatch(/^10[0-2]\d Resource temporarily unavailable\n$/)
})

test('where all processes of the user would count, none are limited', () => {
  expect(limitsOf(process.env, false).filter((word) => word.includes('nproc'))).toEqual([])
})
