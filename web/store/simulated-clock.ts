/** The clock of a lab in the page: simulated nodes wait for people, as real ones do not. */
export interface SimulatedClock {
  /** Sets ms of the lab in a ms of people; 0 stops it. */
  pace(rate: number): void
  /** Advances the clock to the next event, and stops there. */
  step(): void
  /** Calls back when the clock has stopped by itself. */
  onStopped(listener: () => void): void
}
