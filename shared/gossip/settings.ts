/** Parameters of the protocol; the same for every node of a lab. */
export interface Settings {
  /** Number of neighbours that get a new message. The handout picks 1; 2 is both sides of a line. */
  readonly fanout: number
  /** Number of rumors that a neighbour gets before its next status. The handout sends 1. */
  readonly window: number
  /** Probability of going on with a message after a neighbour agreed or stayed silent. */
  readonly coin: number
  /** Time that a rumor waits for its status before the neighbour may be dead, in ms. The handout: 1 or 2 s. */
  readonly ackTimeoutMs: number
  /** Time between two rounds of anti-entropy, in ms. */
  readonly antiEntropyMs: number
  /**
   * Number of ack timeouts during which an unanswered rumor is repeated to the same neighbour, so that a lost datagram
   * costs a round trip and not a round of anti-entropy. 0 is the handout's: never repeated.
   */
  readonly retries: number
  /**
   * Minimum time between two datagrams of new rumors to a neighbour that takes batches, in ms: the rumors of that time
   * leave together. With 0, as in the report and the handout, each rumor leaves at once and alone.
   */
  readonly batchMs: number
}

export const DEFAULTS: Settings = {
  fanout: 2,
  window: 16,
  coin: 0.5,
  ackTimeoutMs: 1_000,
  antiEntropyMs: 10_000,
  retries: 3,
  batchMs: 0,
}

/** The handout's protocol exactly. */
export const HANDOUT: Settings = { ...DEFAULTS, fanout: 1, window: 1, retries: 0 }

/** Bounds of each setting, inclusive. */
export const SETTING_BOUNDS: Record<keyof Settings, { min: number; max: number; whole: boolean }> = {
  fanout: { min: 1, max: 64, whole: true },
  window: { min: 1, max: 1_024, whole: true },
  coin: { min: 0, max: 1, whole: false },
  ackTimeoutMs: { min: 10, max: 600_000, whole: true },
  antiEntropyMs: { min: 50, max: 3_600_000, whole: true },
  retries: { min: 0, max: 100, whole: true },
  batchMs: { min: 0, max: 10_000, whole: true },
}
