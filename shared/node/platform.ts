/**
 * The port between the shell of a node and its machine. A process has the real one (`server/node/machine.ts`), a
 * simulation a virtual one: clock and wire are then those of the simulator, and the shell is the same code.
 */

/** A timer for `cancel`; `after` and `every` return it. */
export type Timer = object

export interface Platform {
  /** Returns ms; never decreases, and is the same for all nodes of a machine. */
  now(): number
  /** Returns ms since 1970 according to the machine; it may jump. */
  wallClock(): number
  /** Calls once, after so many ms. */
  after(ms: number, call: () => void): Timer
  /** Calls every so many ms. */
  every(ms: number, call: () => void): Timer
  cancel(timer: Timer | undefined): void
  /** Calls when all datagrams that have arrived by now have been read. */
  afterInput(call: () => void): void
  /** Returns the UTF-8 of a well-formed text. */
  encode(text: string): Uint8Array
  /** Returns a CRC-32 of bytes, continued from `start`. */
  checksum(bytes: Uint8Array, start: number): number
  /** Returns the memory of the process, in bytes. */
  memoryBytes(): number
  openMac(key: string): Promise<Mac>
  /** @throws (rejects) with the system's error when the port is in use. */
  openUdp(options: UdpOptions): Promise<Udp>
  /**
   * Takes clients that send lines.
   * @throws (rejects) with the system's error when the port is in use.
   */
  openLines(port: number, handler: LineHandler): Promise<LineInterface>
}

/** Computes HMAC-SHA-256 under one key; 16 bytes of it, as 22 characters of base64url. */
export interface Mac {
  /** Covers the receiver's port and the bytes. */
  of(receiver: number, bytes: Uint8Array): string
  /** Compares in constant time. */
  isOf(mac: string, receiver: number, bytes: Uint8Array): boolean
}

export interface UdpOptions {
  readonly port: number
  onDatagram(bytes: Uint8Array, fromPort: number): void
  onError(error: Error): void
}

/** A UDP port of this machine. */
export interface Udp {
  /** Hands a datagram to the operating system before it returns. Reports a failure to `onError`. */
  send(to: number, bytes: Uint8Array): void
  /** Resolves with the size of the largest datagram that the operating system sends, in bytes. */
  measure(): Promise<number>
  /** Calls back once everything sent has left this process. */
  flush(done: () => void): void
  close(): void
}

export interface LineHandler {
  /** Carries a line out. Resolves with the lines of its answer. */
  onLine(line: string): readonly string[]
  /** Takes a line that could not be read. */
  onBadLine(why: string, start: string): void
}

export interface LineInterface {
  /** Stops taking clients; connected ones stay. */
  close(): void
}
