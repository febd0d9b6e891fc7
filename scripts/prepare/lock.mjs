/**
 * Allows one preparation at a time, before any package is installed. The lock is a folder with one entry, named after
 * its owner. It is made aside and renamed into place, which fails while another one exists, so it is never seen without
 * its owner. A stale lock is cleared by removing the entry of that very owner: a late process removes nothing of a new
 * owner's.
 */
import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ROOT, say } from './run.mjs'

const LOCK = join(ROOT, 'dist', '.preparing')
const LOOK_EVERY_MS = 100
/** Longer than any install: so old an owner has died, and another process has its id. */
const STALE_AFTER_MS = 15 * 60_000
/** Error codes of a rename onto an existing lock; Windows reports missing rights in the same way. */
const IN_THE_WAY = process.platform === 'win32' ? ['EPERM', 'EACCES', 'EEXIST'] : ['ENOTEMPTY', 'EEXIST']

export async function withLock(work) {
  const owner = `${process.pid}-${Date.now()}`
  const aside = `${LOCK}-${owner}`
  mkdirSync(join(aside, owner), { recursive: true })
  let isTold = false
  while (!succeeds(() => renameSync(aside, LOCK), IN_THE_WAY)) {
    const holder = presentOwner()
    if (isStale(holder)) release(holder)
    else if (!isTold) say(`rumorscope: waiting for the preparation that process ${holder.split('-')[0]} runs`)
    isTold = true
    await sleep(LOOK_EVERY_MS)
  }
  try {
    return await work()
  } finally {
    release(owner)
  }
}

/** Returns '' when the lock has just been released. */
function presentOwner() {
  let owner = ''
  succeeds(() => {
    owner = readdirSync(LOCK)[0] ?? ''
  }, ['ENOENT'])
  return owner
}

function release(owner) {
  if (owner !== '') rmSync(join(LOCK, owner), { recursive: true, force: true })
  // It is gone already, or a new owner's.
  succeeds(() => rmdirSync(LOCK), ['ENOENT', ...IN_THE_WAY])
}

function isStale(owner) {
  const [pid, since] = owner.split('-').map(Number)
  return owner === '' || Date.now() - since > STALE_AFTER_MS || !succeeds(() => process.kill(pid, 0), ['ESRCH'])
}

/** Returns false when the system refuses with one of these codes. */
function succeeds(deed, codes) {
  try {
    deed()
    return true
  } catch (error) {
    if (codes.includes(error.code)) return false
    throw error
  }
}
