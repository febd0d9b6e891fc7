/**
 * Tests that the page's own connection drives a lab of simulated nodes over a message port: no browser, no server, no
 * process.
 */
import { expect, onTestFinished, test, vi } from 'vitest'
import { labMachine } from '../server/platform/lab-machine.ts'
import { DEFAULTS } from '../shared/gossip/settings.ts'
import { Executor } from '../shared/lab/executor.ts'
import { Sessions } from '../shared/lab/sessions.ts'
import type { LabSettings } from '../shared/model/lab-settings.ts'
import type { LabState } from '../shared/model/lab-state.ts'
import { simulatedLab } from '../shared/sim/simulated-lab.ts'
import { createClass } from '../web/store/classroom.ts'
import { createFollower } from '../web/store/follow.ts'
import { joinLab } from '../web/store/join.ts'
import { createPlayer } from '../web/store/player.ts'
import { createPageStore } from '../web/store/store.ts'
import { overMessagePort } from './support/message-port.ts'
import { type Walker, walkThrough } from './walkthrough.ts'

const SETTINGS: LabSettings = {
  n: 4,
  topology: 'line',
  linkDelayMs: 5,
  seed: 1,
  basePort: 20_000,
  rootId: 40_000,
  gossip: DEFAULTS,
}
/** Time of the lab between two looks, in ms. */
const STEP_MS = 10

/** A page without a screen, joined to a lab whose time runs while the test waits. */
async function pageOfSimulation() {
  const { lab, machine } = simulatedLab({ settings: SETTINGS, seed: 1, onFault: raise })
  await machine.advanceUntil(lab.openNetwork({}))
  const sessions = new Sessions({ lab, executor: new Executor(lab), platform: labMachine })
  // Without frames, as a hidden page: events appear at once.
  vi.stubGlobal('document', { hidden: true })
  vi.stubGlobal('window', { addEventListener: () => {} })
  const store = createPageStore(raise)
  const player = createPlayer(store)
  const classroom = createClass()
  let breakConnection = () => {}
  const { client } = joinLab({
    transport: overMessagePort(sessions, 'presenter', (cut) => {
      breakConnection = cut
    }),
    store,
    player,
    classroom,
    follower: createFollower(classroom, store, player),
    joined: () => {},
    greet: () => {},
  })
  onTestFinished(async () => {
    client.close()
    sessions.close()
    await lab.close()
    vi.unstubAllGlobals()
  })

  const look = async (isDone: () => boolean) => {
    await machine.advanceAsync(STEP_MS)
    return isDone()
  }
  const until = (isDone: () => boolean) => expect.poll(() => look(isDone), { interval: 0 }).toBe(true)
  /** Carries a line out. Returns its output. */
  async function run(line: string): Promise<readonly string[]> {
    let reply: Awaited<ReturnType<typeof client.send>> | undefined
    void client.send(line, 'console').then((said) => {
      reply = said
    })
    await until(() => reply !== undefined)
    expect(reply, line).toMatchObject({ ok: true })
    return reply?.ok ? reply.output : []
  }
  const shows = (fits: (state: LabState) => boolean) => until(() => fits(store.getState().lab))
  await until(() => store.getState().connection.phase === 'live')
  return { lab, store, run, until, shows, breakConnection: () => breakConnection() }
}

function raise(error: unknown) {
  throw error
}

const holds = (state: LabState, id: number) => state.nodes.find((node) => node.id === id)?.messages

test('the walkthrough, exactly, with its crash and its restart', async () => {
  const { lab, store, run, until, shows } = await pageOfSimulation()
  const walker: Walker = {
    async type(line) {
      await run(line)
    },
    async chatLog(id, wanted) {
      await shows((state) => holds(state, id) === wanted.split(',').length)
      return (await run(`${id} get chatLog`)).join()
    },
  }
  await walkThrough(walker, (id) => SETTINGS.basePort + id)
  await shows(({ nodes }) => nodes.every(({ end }) => end !== null))
  await until(() => store.getState().lab.last === lab.sequencer.last)
  expect(store.getState().lab).toEqual(lab.sequencer.state)
  expect(store.getState().lab.nodes.map(({ generation }) => generation)).toEqual([0, 1, 0, 0])
})

test('a cut, a hold, a lost connection that is resumed, and a restart', async () => {
  const { lab, store, run, until, shows, breakConnection } = await pageOfSimulation()
  await run('network 4 line')
  await run('link 1 2 cut')
  await run('0 msg 1 hello')
  await shows((state) => holds(state, 1) === 1)
  expect(holds(store.getState().lab, 2)).toBe(0)

  await run('link 1 2 heal')
  await shows((state) => [0, 1, 2, 3].every((id) => holds(state, id) === 1))

  await run('hold 0 1')
  await run('0 msg 1 again')
  const rumor = () => Object.values(store.getState().lab.held).find(({ content }) => content.kind === 'rumor')
  await until(() => rumor() !== undefined)
  expect(holds(store.getState().lab, 1)).toBe(1)
  await run(`deliver ${rumor()?.number}`)
  await shows((state) => holds(state, 1) === 2)

  const phases: string[] = []
  store.subscribe(({ connection }) => phases.push(connection.phase))
  const { last } = store.getState().lab
  const snapshots = vi.spyOn(store, 'snapshot')
  breakConnection()
  await until(() => phases.includes('lost'))
  lab.sequencer.append({ type: 'timers', held: false })
  await until(() => store.getState().connection.phase === 'live')
  await shows((state) => state.last > last)
  expect(snapshots).not.toHaveBeenCalled()

  await run('hold off')
  await run('2 crash')
  await run(`2 start 4 ${SETTINGS.basePort + 2}`)
  await shows((state) => [0, 1, 2, 3].every((id) => holds(state, id) === 2))
  await until(() => store.getState().lab.last === lab.sequencer.last)
  expect(store.getState().lab).toEqual(lab.sequencer.state)
  expect(store.past.history.from).toBe(0)
})
