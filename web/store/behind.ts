/** The lab behind a page: nodes of a server, or simulated ones in the page itself. */
import { type EmbeddedPast, embeddedRecording } from './files/embedded.ts'
import type { Transport } from './live/connection.ts'
import { webSocket } from './live/web-socket.ts'
import type { SimulatedClock } from './simulated-clock.ts'

export interface Behind {
  readonly transport: Transport
  /** Null if the nodes are real, and wait for nobody. */
  readonly clock: SimulatedClock | null
  /** A recording inside the page, which is then all that it shows. */
  readonly embedded: EmbeddedPast | null
  /** Goes on from an instant of that recording in simulation, in ms of the lab; null without a simulator. */
  readonly goOn: ((at: number) => void) | null
  /** Returns the part of the address that repeats the run of simulated nodes; an empty text if there is none. */
  experiment(): string
}

/** The lab of the server that the page came from. */
export const serverLab: Behind = {
  transport: webSocket,
  clock: null,
  embedded: embeddedRecording(),
  goOn: null,
  experiment: () => '',
}
