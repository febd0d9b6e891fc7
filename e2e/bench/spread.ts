/** Measures how fast a message spreads over real processes, beside the same datagram through bare relays. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts } from '../../server/test-support/ports.ts'
import { encodeDatagram, parseDatagram } from '../../shared/gossip/wire.ts'
import { type Measurement, median, now, percentile, rounded } from './measurement.ts'
import { Standalone } from './standalone.ts'

const RELAYS = 15
const MESSAGES = 300
const WARM_UP = 100
const QUIET_MS = 20
const TEXT = 'a-message-of-a-few-words'

/** Passes each datagram on to the next port, and does nothing else. */
const RELAY = `
const socket = require('node:dgram').createSocket('udp4')
const [port, next] = process.argv.slice(2).map(Number)
socket.on('message', (bytes) => socket.send(bytes, next, '127.0.0.1'))
socket.bind(port, '127.0.0.1', () => require('node:fs').writeSync(1, 'listening\\n'))
`

/** Both lines run at once and by turns, so that other load of the machine affects both alike. */
export async function spread(root: string): Promise<Measurement[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rumorscope-bench-'))
  const nodePorts = await freePorts(RELAYS + 2)
  const relayPorts = await freePorts(RELAYS + 2)
  const nodes = new Standalone(root, folder, nodePorts)
  const relays: ChildProcess[] = []
  try {
    writeFileSync(join(folder, 'relay.cjs'), RELAY)
    for (let place = 1; place <= RELAYS; place += 1) {
      await nodes.start(place, RELAYS + 2)
      relays.push(await startRelay(join(folder, 'relay.cjs'), relayPorts.udp + place))
    }
    const ends = await Promise.all([LineEnds.open(nodePorts.udp), LineEnds.open(relayPorts.udp)])
    const [gossip, bare] = await takeTurns(ends[0], ends[1])
    for (const end of ends) end.close()
    return [report(gossip, bare)]
  } finally {
    await nodes.stop()
    for (const relay of relays) relay.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

function report(gossip: readonly number[], bare: readonly number[]): Measurement {
  const ratio = median(gossip) / median(bare)
  return {
    name: 'spread-line-16',
    what: `one message over ${RELAYS} nodes on a line, ${MESSAGES} times, in turn with the same datagram over ${RELAYS} bare relays`,
    figures: {
      p50Ms: rounded(median(gossip)),
      p95Ms: rounded(percentile(gossip, 0.95)),
      bareP50Ms: rounded(median(bare)),
      bareP95Ms: rounded(percentile(bare, 0.95)),
      ratio: rounded(ratio),
    },
    target: 'p50 within 1.5 times of the relays',
    met: ratio <= 1.5,
  }
}

async function takeTurns(gossip: LineEnds, bare: LineEnds): Promise<[number[], number[]]> {
  const gossipMs: number[] = []
  const bareMs: number[] = []
  for (let seq = 0; seq < WARM_UP + MESSAGES; seq += 1) {
    gossipMs.push(await gossip.time(seq))
    // Its acknowledgements must not disturb the relays.
    await sleep(QUIET_MS)
    bareMs.push(await bare.time(seq))
    await sleep(QUIET_MS)
  }
  return [gossipMs.slice(WARM_UP), bareMs.slice(WARM_UP)]
}

/** Both ends of a line, played by this process: it sends a rumor and waits for its arrival. */
class LineEnds {
  readonly #first: Socket
  readonly #last: Socket
  readonly #firstPort: number
  #heard: ((seq: number) => void) | undefined

  static async open(firstPort: number): Promise<LineEnds> {
    const first = createSocket('udp4')
    const last = createSocket('udp4')
    first.bind(firstPort, '127.0.0.1')
    last.bind(firstPort + RELAYS + 1, '127.0.0.1')
    await Promise.all([once(first, 'listening'), once(last, 'listening')])
    return new LineEnds(first, last, firstPort)
  }

  private constructor(first: Socket, last: Socket, firstPort: number) {
    this.#first = first
    this.#last = last
    this.#firstPort = firstPort
    last.on('message', (bytes) => {
      const datagram = parseDatagram(bytes)
      if (datagram.kind === 'rumor') this.#heard?.(datagram.seq)
    })
  }

  /** Resolves with the time from sending message `seq` at one end to its arrival at the other, in ms. */
  async time(seq: number): Promise<number> {
    const port = this.#firstPort
    const rumor = encodeDatagram({ kind: 'rumor', sender: port, origin: port, seq, text: TEXT })
    const began = now()
    this.#first.send(rumor, port + 1, '127.0.0.1')
    await new Promise<void>((resolve) => {
      this.#heard = (heard) => {
        if (heard === seq) resolve()
      }
    })
    const took = now() - began
    // A good neighbour acknowledges. A relay would get one more datagram to pass on, to nobody.
    const acknowledgement = { kind: 'status', sender: port + RELAYS + 1, partial: false } as const
    const status = encodeDatagram({ ...acknowledgement, pairs: [[port, seq + 1]] })
    this.#last.send(status, port + RELAYS, '127.0.0.1')
    return took
  }

  close() {
    this.#first.close()
    this.#last.close()
  }
}

async function startRelay(file: string, port: number): Promise<ChildProcess> {
  const relay = spawn(process.execPath, [file, `${port}`, `${port + 1}`], { stdio: ['ignore', 'pipe', 'ignore'] })
  if (relay.stdout) await once(relay.stdout, 'data')
  return relay
}
