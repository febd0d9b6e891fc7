import { expect, test } from 'vitest'
import { ActionQueue } from './action-queue.ts'

/** Actions that end when the test lets them, and record their starts and ends. */
function stage() {
  const queue = new ActionQueue()
  const log: string[] = []
  const finish = new Map<string, () => void>()
  const action = (name: string) => async () => {
    log.push(`${name} begins`)
    await new Promise<void>((resolve) => finish.set(name, resolve))
    log.push(`${name} ends`)
  }
  return { queue, log, action, end: (name: string) => finish.get(name)?.() }
}

/** Everything that can begin by now has begun. */
const quiet = async () => {
  for (let turn = 0; turn < 20; turn += 1) await null
}

test('actions on one node run one after the other, those on another beside them', async () => {
  const { queue, log, action, end } = stage()
  void queue.onNode(0, action('a'))
  const b = queue.onNode(0, action('b'))
  void queue.onNode(1, action('c'))
  await quiet()
  expect(log).toEqual(['a begins', 'c begins'])
  end('a')
  await quiet()
  end('b')
  await b
  expect(log).toEqual(['a begins', 'c begins', 'a ends', 'b begins', 'b ends'])
})

test('an action on the network waits for all before it, and all after it wait for it', async () => {
  const { queue, log, action, end } = stage()
  void queue.onNode(0, action('a'))
  void queue.onNetwork(action('network'))
  void queue.onNode(1, action('b'))
  void queue.onNetwork(action('exit'))
  for (const name of ['a', 'network', 'b', 'exit']) {
    await quiet()
    expect(log.at(-1)).toBe(`${name} begins`)
    end(name)
  }
  await quiet()
  expect(log).toHaveLength(8)
})

test('a failed action rejects only for its own caller', async () => {
  const { queue, log, action, end } = stage()
  const failing = queue.onNode(0, () => Promise.reject(new Error('no')))
  const network = queue.onNetwork(() => Promise.reject(new Error('no either')))
  void queue.onNode(0, action('next'))
  await expect(failing).rejects.toThrow('no')
  await expect(network).rejects.toThrow('no either')
  await quiet()
  end('next')
  expect(log).toEqual(['next begins'])
})

test('settings wait for the network, but not for a slow node', async () => {
  const { queue, log, action, end } = stage()
  void queue.onNode(0, action('slow'))
  await queue.onSettings(() => log.push('set'))
  expect(log).toEqual(['slow begins', 'set'])
  void queue.onNetwork(action('network'))
  void queue.onSettings(() => log.push('set again'))
  await quiet()
  expect(log).toHaveLength(2)
  end('slow')
  await quiet()
  end('network')
  await quiet()
  expect(log.at(-1)).toBe('set again')
})
