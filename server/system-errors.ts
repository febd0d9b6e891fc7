/** What the machine has run out of, in words that say what can be done. */
const IN_WORDS: Readonly<Record<string, string>> = {
  EMFILE: 'no file descriptor is left for this process: allow more with ulimit -n, or take fewer nodes',
  ENFILE: 'no file descriptor is left on this machine: end something else',
  EAGAIN: 'the system allows no more processes: ulimit -u tells how many, or take fewer nodes',
  ENOMEM: 'no memory is left on this machine: end something else, or take fewer nodes',
  ENOSPC: 'the disk is full: make room, or write elsewhere',
  EDQUOT: 'your share of the disk is full: make room, or write elsewhere',
  EFBIG: 'no file may become that large: allow more with ulimit -f, or write elsewhere',
  EROFS: 'the disk cannot be written to: write elsewhere',
}

/** Undefined where the system wants nothing that it has not got. */
export const shortageOf = (error: unknown): string | undefined => IN_WORDS[(error as NodeJS.ErrnoException)?.code ?? '']

export const systemWords = (error: Error): string => shortageOf(error) ?? error.message

/** Says why a node cannot have its ports, or what else kept it from starting, and the way out. */
export function explainStart(error: NodeJS.ErrnoException & { port?: number }, tcp: number, udp: number): string {
  if (error.code === 'EADDRINUSE') {
    const which = error.syscall === 'listen' ? `TCP port ${error.port ?? tcp}` : `UDP port ${udp}`
    return `${which} is in use; ./stopall ends nodes that are left over, or choose another port`
  }
  return systemWords(error)
}
