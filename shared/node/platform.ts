/**
 * What a node's shell needs of the machine it runs on. A process has the real one (`server/node/machine.ts`), a
 * simulation a virtual one: clock and wire are then those of the simulator, and the shell is the same code.
 */

/** A timer for `cancel`; `after` and `every` make it. */
export type Timer = object

export interface Platform {
  /** ms; never goes back, and the same for all nodes of a machine. */
  now(): number
  /** ms since 1970, as the machine has it: it may jump. */
  wallClock(): number
  /** Calls once, after so many ms. */
  after(ms: number, call: () => void): Timer
  /** Calls every so many ms. */
  every(ms: number, call: () => void): Timer
  cancel(timer: Timer | undefined): void
  /** Calls when what has come in by now has been read. */
  afterInput(call: () => void): void
  /** Returns the UTF-8 of a text that is well formed. */
  encode(text: string): Uint8Array
  /** Returns a CRC-32 of bytes, begun with `start`. */
  checksum(bytes: Uint8Array, start: number): number
  /** Memory of the process, in bytes. */
  memoryBytes(): number
  openMac(key: string): Promise<Mac>
  /** @throws (rejects) with the system's error when the port is taken. */
  openUdp(options: UdpOptions): Promise<Udp>
  /**
   * Takes clients that send lines.
   * @throws (rejects) with the system's error when the port is taken.
   */
  openLines(port: number, handler: LineHandler): Promise<LineInterface>
}

/** HMAC-SHA-256 under one key; 16 bytes of it, as 22 characters of base64url. */
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
  /** Hands a datagram to the operating system before it returns. What cannot be sent is told to `onError`. */
  send(to: number, bytes: Uint8Array): void
  /** Resolves with the size of the largest datagram that the operating system sends, in bytes. */
  measure(): Promise<number>
  /** Calls back once everything sent has left this process. */
  flush(done: () => void): void
  close(): void
}

export interface LineHandler {
  /** Carries a line out; gives the lines of its answer. */
  onLine(line: string): readonly string[]
  /** A line that could not be read. */
  onBadLine(why: string, start: string): void
}

export interface LineInterface {
  /** Takes no further client; those that are connected stay. */
  close(): void
}
