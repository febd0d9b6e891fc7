/**
 * One preparation at a time. The lock is a directory that holds one file, named after its owner. It is made aside and
 * renamed into place, which fails while another one stands there, so it is never seen without its owner. A stale lock
 * is cleared by deleting the file of that very owner: whoever comes late deletes nothing of a new owner's.
 */
import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ROOT, say } from './run.mjs'

const LOCK = join(ROOT, 'dist', '.preparing')
const LOOK_EVERY_MS = 100
/** Longer than any install: an owner that old has died, and another process has got its number. */
const STALE_AFTER_MS = 15 * 60_000
/** How a rename says that another lock stands there; Windows does not tell it from a lack of rights. */
const IN_THE_WAY = process.platform === 'win32' ? ['EPERM', 'EACCES', 'EEXIST'] : ['ENOTEMPTY', 'EEXIST']

export async function withLock(work) {
  const owner = `${process.pid}-${Date.now()}`
  await take(owner)
  try {
    return await work()
  } finally {
    release(owner)
  }
}

async function take(owner) {
  const aside = `${LOCK}-${owner}`
  mkdirSync(aside, { recursive: true })
  writeFileSync(join(aside, owner), '')
  let waiting = false
  while (!moveIntoPlace(aside)) {
    const holder = presentOwner()
    if (holder === undefined) {
      removeIfEmpty()
      continue
    }
    if (isStale(holder)) {
      release(holder)
      continue
    }
    if (!waiting) say(`rumorscope: waiting for the preparation that process ${holder.split('-')[0]} runs`)
    waiting = true
    await sleep(LOOK_EVERY_MS)
  }
}

function moveIntoPlace(aside) {
  try {
    renameSync(aside, LOCK)
    return true
  } catch (error) {
    if (IN_THE_WAY.includes(error.code)) return false
    throw error
  }
}

function presentOwner() {
  try {
    return readdirSync(LOCK)[0]
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

function release(owner) {
  rmSync(join(LOCK, owner), { force: true })
  removeIfEmpty()
}

function removeIfEmpty() {
  try {
    rmdirSync(LOCK)
  } catch {
    // Gone already, or a new owner's.
  }
}

function isStale(owner) {
  const [pid, since] = owner.split('-').map(Number)
  return Date.now() - since > STALE_AFTER_MS || !isAlive(pid)
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
