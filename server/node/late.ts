import { formatMs } from '../../shared/text/format.ts'
import { note } from './process-log.ts'

/** Time that proxy.py waits for a process before it connects, once, in ms. */
const PROXY_WAITS_MS = 1_000
/** Maximum time that the shell of bin/process takes before this process begins, in ms. */
const SHELL_MS = 50

/** Must be called when the node is ready. If that was too late for proxy.py, writes so to the log and calls `tell`. */
export function tellIfLate(tell: (why: string) => void = () => {}) {
  const took = process.uptime() * 1e3 + SHELL_MS
  if (took < PROXY_WAITS_MS) return
  const why = `ready after ${formatMs(took)}, but proxy.py waits only 1 s and may have given up on this node`
  note(why)
  tell(why)
}
