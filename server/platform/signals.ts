/** Sends signals to processes of nodes. */
import type { NodeSignal } from '../../shared/language/command.ts'

/** @throws Error if this system cannot suspend processes. */
export function requireSignal(signal: NodeSignal, platform: NodeJS.Platform = process.platform) {
  if (platform === 'win32' && signal !== 'KILL') throw new Error('Windows cannot suspend a process by a signal')
}
