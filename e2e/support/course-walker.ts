import { setTimeout as sleep } from 'node:timers/promises'
import type { Walker } from '../walkthrough.ts'
import { askNode } from './node-line.ts'
import type { CourseProxy } from './proxy.ts'

/** A node with other messages is asked again so many times, after a pause in ms. */
const ATTEMPTS = 400
const PAUSE_MS = 50

/**
 * Walks with the course's script. The script gives a node a second, and none after a crash; a busy machine may need
 * longer, so this waits until the node would answer as wanted, or has ended.
 */
export const courseWalker = (proxy: CourseProxy, port: (id: number) => number): Walker => ({
  type: async (line) => {
    await proxy.type(line)
    const [, crashed] = /^(\d+) crash$/.exec(line) ?? []
    if (crashed !== undefined) await untilGone(port(Number(crashed)))
  },
  chatLog: async (id, wanted) => {
    for (let count = 0; count < ATTEMPTS; count += 1) {
      if ((await askNode(port(id), 'get chatLog')) === `chatLog ${wanted}`) break
      await sleep(PAUSE_MS)
    }
    return proxy.chatLog(id)
  },
})

async function untilGone(port: number): Promise<void> {
  const answers = () =>
    askNode(port, 'get chatLog').then(
      () => true,
      () => false,
    )
  while (await answers()) await sleep(PAUSE_MS)
}
