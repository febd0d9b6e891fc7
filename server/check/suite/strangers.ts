/** Tests lines in pieces, further TCP clients, and datagrams that make no sense. */
import { spawn } from 'node:child_process'
import { nodeName } from '../../../shared/model/names.ts'
import { RunSkipped } from '../complaint.ts'
import { brief } from '../course/expected.ts'
import { type BuiltIn, builtIn } from './built-in.ts'
import { idsOf, type People } from './people.ts'

/** Pause between the pieces of a line, in ms, so that each travels as a segment of its own. */
const BETWEEN_PIECES_MS = 60
const CLIENTS = 8
/** Time that a further client gets, in ms. */
const CLIENT_WITHIN_MS = 2_000
/** Questions of a client that reads no answer: 14 MB of answers are more than the buffers of the system hold. */
const UNREAD_QUESTIONS = 8_000
/** Datagrams of the flood, and their number a second. */
const FLOOD = 4_000
const FLOOD_PER_SECOND = 2_000

const JUNK = [
  '',
  '\n',
  'rumor',
  'rumor:',
  'rumor:x:{a,b,c}',
  'rumor:40000:{',
  'status:40000:{40000:x}',
  'status:40000:{40000}',
  'rumor:40000:{text,40000,-1}',
  'rumor:99999999999999999999:{a,1,1}',
  '{"kind":"rumor"}',
  '\0'.repeat(64),
  `status:40000:{${'9'.repeat(900)}}`,
  'x'.repeat(1_400),
] as const

const TESTS: readonly BuiltIn[] = [
  {
    name: 'one line in two segments',
    rule: 'handout, commands: TCP has no segments, only lines',
    async steps(people) {
      const { network } = people
      for (const piece of ['ms', 'g 1 hal', 'ves\n']) {
        network.send(0, piece)
        await network.sleep(BETWEEN_PIECES_MS)
      }
      await people.untilShown(idsOf(network), ['halves'])
    },
  },
  {
    name: 'datagrams that make no sense',
    rule: 'ours, datagrams of strangers: parsed whole or rejected',
    isBeyondCourse: true,
    async steps(people) {
      const { network } = people
      const bytes = [...JUNK.map((text) => Buffer.from(text)), Buffer.from([0xff, 0xfe, 0x80, 0x00, 0xc3])]
      for (const id of idsOf(network)) await inject(people, id, bytes, 200)
      await people.say(0, 'sense')
      await people.untilShown(idsOf(network), ['sense'])
    },
  },
  {
    name: 'a flood of datagrams',
    rule: 'ours, datagrams of strangers: a flood is bounded',
    isBeyondCourse: true,
    alone: true,
    async steps(people) {
      const { network } = people
      const bytes = Array.from({ length: FLOOD }, (_, number) => Buffer.from(`flood ${number}`))
      await inject(people, 1, bytes, FLOOD_PER_SECOND)
      await people.say(0, 'dry')
      await people.untilShown(idsOf(network), ['dry'])
    },
  },
  {
    name: 'many TCP clients',
    rule: 'ours, proxy interface: clients do not disturb each other',
    isBeyondCourse: true,
    needs: 2,
    async steps(people) {
      const { network } = people
      const clients = await Promise.all(Array.from({ length: CLIENTS }, () => network.directClient(0)))
      const answers = await Promise.all(
        clients.map(async (client) => {
          client?.send('get chatLog\n')
          return client?.next(CLIENT_WITHIN_MS)
        }),
      )
      await people.log(0)
      if (answers.some((line) => line === undefined)) throw new RunSkipped('it serves one TCP client at a time')
      for (const [place, client] of clients.entries()) client?.send(`msg 1 client${place}\n`)
      await people.untilShown(
        idsOf(network),
        clients.map((_, place) => `client${place}`),
      )
      for (const client of clients) client?.close()
    },
  },
  {
    name: 'a client that does not read',
    rule: 'ours, proxy interface: clients do not disturb each other',
    isBeyondCourse: true,
    needs: 2,
    async steps(people) {
      const { network } = people
      const client = await network.directClient(1)
      client?.send('get chatLog\n')
      if ((await client?.next(CLIENT_WITHIN_MS)) === undefined)
        throw new RunSkipped('it serves one TCP client at a time')
      await people.say(1, ...Array.from({ length: 10 }, (_, place) => `${place}${'y'.repeat(180)}`))
      client?.pause()
      client?.send('get chatLog\n'.repeat(UNREAD_QUESTIONS))
      await network.sleep(CLIENT_WITHIN_MS)
      await people.say(1, 'unhindered')
      await people.untilShown(idsOf(network), ['unhindered'])
      client?.close()
    },
  },
]

/** Sends datagrams to a node, from the network of the programs and no port of theirs. */
async function inject(people: People, id: number, datagrams: readonly Buffer[], perSecond: number): Promise<void> {
  const { network } = people
  const [file = '', ...words] = network.inside(['python3', '-c', SENDER, `${network.udpPort(id)}`, `${perSecond}`])
  const sender = spawn(file, words, { stdio: ['pipe', 'ignore', 'ignore'] })
  const ended = new Promise<number | null>((resolve) => {
    sender.once('error', () => resolve(null))
    sender.once('close', resolve)
  })
  sender.stdin.on('error', () => {})
  sender.stdin.end(datagrams.map((bytes) => `${bytes.toString('hex')}\n`).join(''))
  if ((await ended) !== 0) throw new RunSkipped('it needs python3, which is missing or refused')
  if (!network.isRunning(id)) people.fail(id, `${nodeName(id)} has ended after ${brief(['junk'])}`)
}

const SENDER = `
import socket, sys, time
to, pause = ('127.0.0.1', int(sys.argv[1])), 1 / int(sys.argv[2])
one, due = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), time.monotonic()
for line in sys.stdin.read().split('\\n')[:-1]:
    try:
        one.sendto(bytes.fromhex(line), to)
    except OSError:
        pass
    due += pause
    time.sleep(max(0, due - time.monotonic()))
`

export const STRANGER_TESTS = TESTS.map(builtIn)
