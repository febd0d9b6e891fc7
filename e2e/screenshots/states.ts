/** Stories of views that are empty, not loaded yet, without their lab, overloaded, or failed. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page, WebSocketRoute } from 'playwright-core'
import type { TestLab } from '../../server/test-support/lab-process.ts'
import { EMPTY_LAB, type LabState } from '../../shared/model/lab-state.ts'
import { PROTOCOL_VERSION, type ServerMessage } from '../../shared/wire/protocol.ts'
import type { LabPage } from '../support/lab-page.ts'
import { chatter, crash, ring, type Story, sayInTurn, story, WORDS } from './story.ts'
import { dialog, tab } from './views.ts'

const DOOR = /\/api\/ws$/

/** A stand-in for a lab that sends this when the page joins. */
const hears = (message: ServerMessage) => (page: Page) =>
  page.routeWebSocket(DOOR, (socket) => socket.onMessage(() => socket.send(JSON.stringify(message))))

const snapshot = (state: LabState, version = PROTOCOL_VERSION): ServerMessage => ({
  type: 'snapshot',
  state,
  version,
  lab: 'a lab of the pictures',
  role: 'presenter',
  now: 0,
  beganAt: 0,
  oldest: 0,
})

const says = (words: RegExp | string) => ({
  arrive: async ({ page }: LabPage) => void (await page.getByText(words).first().waitFor()),
})

/** A page without a lab behind it, or with one that it does not understand. */
const alone = (meet: (page: Page) => Promise<void>, words: RegExp | string): Story =>
  story({ nodes: 2 }, { meet, ...says(words), complains: true })

/** The lab's own state, with a change. */
const changed = (change: (state: LabState) => object) => (page: Page) =>
  page.routeWebSocket(DOOR, (socket) =>
    socket.connectToServer().onMessage((data) => {
      const said: ServerMessage = JSON.parse(String(data))
      socket.send(said.type === 'snapshot' ? JSON.stringify({ ...said, state: change(said.state) }) : data)
    }),
  )

/** An invalid held datagram: every view of it fails and says so, and the rest goes on. */
const spoilt: Story = story(
  { nodes: 4 },
  {
    meet: changed((state) => {
      const { rootId = 0 } = state.settings ?? {}
      return { ...state, held: { 1: { number: 1, from: rootId, to: rootId + 1, content: null } } }
    }),
    ...says('cannot be shown'),
    complains: true,
  },
)

/** Four nodes, without messages. */
const quiet = (choose: Story['choose']) => story({ nodes: 4 }, { choose })

/** A connection that the story can cut, and that stays cut. */
function cuttable() {
  const open: WebSocketRoute[] = []
  let isCut = false
  return {
    meet: (page: Page) =>
      page.routeWebSocket(DOOR, (socket) => {
        if (isCut) return void socket.close()
        socket.connectToServer()
        open.push(socket)
      }),
    async cut() {
      isCut = true
      for (const socket of open.splice(0)) await socket.close()
    },
  }
}

/** The lab vanishes while somebody watches. */
function lost(choose: Story['choose']): Story {
  const cable = cuttable()
  return {
    ...chatter(ring, choose),
    meet: cable.meet,
    act: () => cable.cut(),
    sees: async ({ page }) => void (await page.getByText('Connection lost').waitFor()),
  }
}

/** A node floods, and every node reports that it samples one datagram in eight. */
const overloaded = (choose: Story['choose']): Story =>
  story(
    { nodes: 8, topology: 'ring', linkDelayMs: 100 },
    {
      prepare: (lab) => sayInTurn(lab, WORDS.slice(0, 4), (place) => place),
      meet: changed((state) => ({ ...state, nodes: state.nodes.map((node) => ({ ...node, sampling: 8 })) })),
      choose,
      async act(lab) {
        await lab.command('node 0 flood on')
      },
      async sees({ page }) {
        await page
          .getByText(/sampling: 1 in/)
          .first()
          .waitFor()
        await sleep(1_000)
      },
    },
  )

/** Nodes crashed, killed from outside, stopped from outside, and misbehaving. */
async function allEnds(lab: TestLab) {
  await sayInTurn(lab, WORDS.slice(0, 3), (place) => place)
  await crash(lab, 1)
  const { nodes } = await lab.state()
  const pid = (id: number) => nodes[id]?.pid ?? 0
  process.kill(pid(2), 'SIGKILL')
  process.kill(pid(3), 'SIGSTOP')
  await lab.command('node 4 babble on')
  await lab.waitFor(({ nodes: [, , two, three] }) => two?.status === 'killed' && three?.answers === false)
}

async function openWrongFile({ page }: LabPage) {
  await dialogShare(page)
  const buffer = Buffer.from('a;b;c\n1;2;3')
  await page.locator('input[type=file]').setInputFiles({ name: 'marks.csv', mimeType: 'text/csv', buffer })
  await page.getByText(/could not be opened/).waitFor()
}
const dialogShare = (page: Page) => page.getByRole('button', { name: 'Share' }).click()

export const STATES = {
  'state-connecting': alone((page) => page.routeWebSocket(DOOR, () => {}), 'Connecting to the lab'),
  'state-unreachable': alone((page) => page.routeWebSocket(DOOR, (socket) => void socket.close()), 'does not respond'),
  'state-not-understood': alone(
    hears({ type: 'refused', error: 'the page is of version 4, the lab of version 5' }),
    'do not understand each other',
  ),
  'state-other-version': alone(hears(snapshot(EMPTY_LAB, PROTOCOL_VERSION + 1)), 'different versions'),
  'state-no-network': alone(hears(snapshot(EMPTY_LAB)), 'Starting the first nodes'),
  'state-quiet': quiet(async (page) => void (await page.select(0))),
  'state-quiet-curve': quiet(tab('Curves')),
  'state-quiet-events': quiet(async (page) => {
    await tab('Events')(page)
    await page.openConsole()
  }),
  'state-lost': lost(async (page) => void (await page.select(3))),
  'state-lost-dialog': lost(dialog('New network')),
  'state-overloaded': overloaded(tab('Space-time')),
  'state-overloaded-curve': overloaded(tab('Curves')),
  'state-overloaded-events': overloaded(tab('Events')),
  'state-ends': story(
    { nodes: 6, linkDelayMs: 50 },
    { prepare: allEnds, choose: async (page) => void (await page.select(3)) },
  ),
  'state-killed': story(
    { nodes: 6, linkDelayMs: 50 },
    { prepare: allEnds, choose: async (page) => void (await page.select(2)) },
  ),
  'state-failed': spoilt,
  'state-wrong-file': story({ nodes: 4 }, { choose: openWrongFile }),
  'state-wrong-command': story({ nodes: 4 }, { choose: (page) => page.type('0 sing 1 hello') }),
} satisfies Readonly<Record<string, Story>>
