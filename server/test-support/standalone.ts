import { freePorts } from './ports.ts'
import { BUNDLE, environment, start, type TestProcess } from './processes.ts'
import { runtimeOfTest } from './runtime.ts'

/** Starts standalone nodes, on a line of the test's own. */
export interface Line {
  readonly runtime: string
  readonly n: number
  /** TCP and UDP port of node 0. */
  readonly tcp: number
  readonly udp: number
  /** Resolves when both sockets listen. */
  node(id: number): Promise<TestProcess>
}

export async function lineOf(n: number, more: NodeJS.ProcessEnv = {}): Promise<Line> {
  const runtime = await runtimeOfTest()
  const { tcp, udp } = await freePorts(n)
  const node = async (id: number) => {
    const env = environment(runtime, udp, { RUMORSCOPE_SEED: '1', ...more })
    const process = start(globalThis.process.execPath, [BUNDLE, `${id}`, `${n}`, `${tcp + id}`], { env })
    await process.firstLine
    return process
  }
  return { runtime, n, tcp, udp, node }
}
