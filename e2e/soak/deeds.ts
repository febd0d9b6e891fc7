/** Random actions on a lab and its page; each returns its description. */

import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../../shared/gossip/random.ts'
import { BEHAVIOURS } from '../../shared/model/fault.ts'
import type { LabState } from '../../shared/model/lab-state.ts'
import { linksOf, TOPOLOGIES } from '../../shared/model/topology.ts'
import { resize } from './resize.ts'
import type { Size } from './size.ts'
import { type Subject, signal } from './subject.ts'

export interface Deed {
  /** Weight of its selection, beside the others. */
  readonly weight: number
  does(subject: Subject, random: Random): Promise<string>
}

const MOST_NODES = 9
/** Time that a click may search for its target, in ms. */
const CLICK_LIMIT_MS = 1_000

let words = 0
/** All texts differ, so that a copy can be identified by its text. */
const newWord = () => {
  words += 1
  return `w${words}`
}

const oneOf = <T>(random: Random, items: readonly T[]): T | undefined => items[random.below(items.length)]

const nodesOf = (state: LabState, ...statuses: string[]) =>
  state.nodes.filter(({ status }) => statuses.includes(status))

/** Sends a command over REST, made from the present state. */
function command(weight: number, line: (state: LabState, random: Random) => string | undefined): Deed {
  return {
    weight,
    async does(subject, random) {
      const text = line(await subject.state(), random)
      if (text === undefined) return 'nothing to do it to'
      const answer = await subject.command(text)
      return `${text}${answer.ok ? '' : `: refused, ${answer.error}`}`
    },
  }
}

/** Sends a signal to a running node from outside the lab. */
function shot(weight: number, name: NodeJS.Signals): Deed {
  return {
    weight,
    async does(subject, random) {
      const pid = oneOf(random, nodesOf(await subject.state(), 'running'))?.pid
      if (pid === undefined || pid === null) return 'no node to signal'
      if (signal(pid, name) && name === 'SIGSTOP') subject.stopped.add(pid)
      return `${name} to ${pid}`
    },
  }
}

const anyNode = ({ nodes }: LabState, random: Random) => random.below(Math.max(1, nodes.length))

function anyLink({ settings, nodes }: LabState, random: Random): string | undefined {
  const link = settings ? oneOf(random, linksOf(settings.topology, nodes.length, settings.seed)) : undefined
  return link?.join(random.below(2) === 0 ? ' ' : '>')
}

const LINK_FAULTS = ['cut', 'loss 30', 'duplicate 30', 'reorder 40', 'delay 150 jitter 100', 'heal']
const KEYS = [
  ...'0123456789dftp?/',
  ...[...'mlxrhs'].map((letter) => `Alt+${letter}`),
  ...['Tab', 'Enter', 'Escape', ' ', 'Home', 'End', 'PageUp', 'PageDown'],
]
const ARROWS = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']
const SCREENS = [
  [1280, 720],
  [1920, 1080],
  [820, 1180],
  [360, 740],
] as const

const CHANGE_NETWORK = command(
  1,
  (_, random) => `network ${2 + random.below(MOST_NODES - 1)} ${oneOf(random, TOPOLOGIES)}`,
)

/** Restarts one node after the other, so that the messages survive. */
const RESTART_ALL: Deed = {
  weight: 3,
  async does(subject) {
    const { nodes, settings } = await subject.state()
    const running = nodes.filter(({ status, pid }) => status === 'running' && !subject.stopped.has(pid ?? 0))
    for (const { id } of running) {
      await subject.command(`${id} crash`)
      await subject.command(`${id} start ${nodes.length} ${(settings?.basePort ?? 0) + id}`)
    }
    return `${running.length} nodes restarted`
  },
}

const DEEDS: readonly Deed[] = [
  command(12, (state, random) => `${anyNode(state, random)} msg 1 ${newWord()}`),
  command(4, (state, random) => `${anyNode(state, random)} crash`),
  command(5, (state, random) => {
    const dead = oneOf(random, nodesOf(state, 'crashed', 'killed', 'failed', 'stopped', 'absent'))
    return dead && `${dead.id} start ${state.nodes.length} ${(state.settings?.basePort ?? 0) + dead.id}`
  }),
  command(4, (state, random) => {
    const link = anyLink(state, random)
    return link && `link ${link} ${oneOf(random, LINK_FAULTS)}`
  }),
  command(
    2,
    (state, random) => `node ${anyNode(state, random)} ${oneOf(random, BEHAVIOURS)} ${oneOf(random, ['on', 'off'])}`,
  ),
  command(2, (_, random) => oneOf(random, ['hold on', 'hold off', 'step', 'deliver all', 'drop all', 'heal'])),
  command(1, (_, random) => `hold timers ${oneOf(random, ['on', 'off'])}`),
  command(1, (_, random) => `delay ${random.below(150)}`),
  command(1, (_, random) => `key ${oneOf(random, ['on', 'off'])}`),
  command(
    1,
    (_, random) => `set fanout=${1 + random.below(3)} retries=${random.below(4)} window=${1 + random.below(16)}`,
  ),
  CHANGE_NETWORK,
  command(1, (state, random) => `${anyNode(state, random)} get chatLog`),
  command(1, () => 'a line that means nothing'),
  shot(4, 'SIGKILL'),
  shot(2, 'SIGSTOP'),
  {
    weight: 2,
    async does(subject) {
      subject.resume()
      return 'SIGCONT to all'
    },
  },
  {
    weight: 6,
    async does(subject, random) {
      const id = anyNode(await subject.state(), random)
      const word = newWord()
      await subject.tell(id, `msg 1 ${word}`)
      return `over TCP: ${id} msg 1 ${word}`
    },
  },
  {
    weight: 2,
    async does(subject, random) {
      // A stopped node would read it when it is continued, in the middle of another action.
      const hearing = nodesOf(await subject.state(), 'running').filter(({ pid }) => !subject.stopped.has(pid ?? 0))
      const id = oneOf(random, hearing)?.id
      if (id === undefined) return 'no node to crash'
      await subject.tell(id, 'crash')
      await subject.lab.waitFor(({ nodes }) => nodes[id]?.status !== 'running' || nodes[id].ending)
      return `over TCP: ${id} crash`
    },
  },
  {
    weight: 1,
    async does(subject, random) {
      const state = await subject.state()
      const lines = Array.from({ length: 20 }, () => `${anyNode(state, random)} msg 1 ${newWord()}`)
      const answers = await Promise.all(lines.map((line) => subject.command(line)))
      return `20 messages at once, ${answers.filter(({ ok }) => ok).length} accepted`
    },
  },
  {
    weight: 12,
    async does({ page: { page } }, random) {
      const buttons = page.locator('button:visible, [role="button"]:visible, [role="tab"]:visible')
      const button = buttons.nth(random.below(Math.max(1, await buttons.count())))
      try {
        const name = await button.evaluate((it) => it.getAttribute('aria-label') ?? it.textContent, null, {
          timeout: CLICK_LIMIT_MS,
        })
        await button.click({ timeout: CLICK_LIMIT_MS })
        return `click on "${name}"`
      } catch {
        return 'click on something that was covered or gone'
      }
    },
  },
  {
    weight: 6,
    async does({ page: { page } }, random) {
      const keys = Array.from({ length: 1 + random.below(4) }, () => oneOf(random, [...KEYS, ...ARROWS]) ?? 'Escape')
      for (const key of keys) await page.keyboard.press(key)
      return `keys ${keys.join(' ')}`
    },
  },
  {
    weight: 3,
    async does({ page: { page } }, random) {
      const { width, height } = page.viewportSize() ?? { width: 1_280, height: 720 }
      const [x, y] = [random.below(width), random.below(height)]
      await page.mouse.move(x, y)
      await page.mouse.wheel(0, random.below(600) - 300)
      await page.mouse.click(x, y)
      return `click at ${x}, ${y}`
    },
  },
  {
    weight: 1,
    async does({ page: { page } }, random) {
      const [width, height] = oneOf(random, SCREENS) ?? SCREENS[0]
      await resize(page, { width, height })
      return `a screen of ${width} x ${height}`
    },
  },
  {
    weight: 1,
    async does({ page: { page } }) {
      await page.reload()
      return 'reload'
    },
  },
  {
    weight: 2,
    async does({ cable }, random) {
      const ms = 100 + random.below(2_500)
      cable.pull()
      await sleep(ms)
      cable.plugIn()
      return `no network for ${ms} ms`
    },
  },
]

const DEEDS_OF_FIXED_SIZE = DEEDS.map((deed) => (deed === CHANGE_NETWORK ? RESTART_ALL : deed))

export function chooseDeed(random: Random, { isFixed }: Size): Deed {
  const deeds = isFixed ? DEEDS_OF_FIXED_SIZE : DEEDS
  let rest = random.next() * deeds.reduce((sum, { weight }) => sum + weight, 0)
  const found = deeds.find(({ weight }) => {
    rest -= weight
    return rest < 0
  })
  return found ?? (DEEDS[0] as Deed)
}
