/** Returns words for system errors, and for possible remedies. */
const IN_WORDS: Readonly<Record<string, string>> = {
  EMFILE: 'this process has no file descriptors left: allow more with ulimit -n, or use fewer nodes',
  ENFILE: 'this machine has no file descriptors left: end other programs',
  EAGAIN: 'the system allows no more processes: allow more with ulimit -u, or use fewer nodes',
  ENOMEM: 'this machine has no memory left: end other programs, or use fewer nodes',
  ENOSPC: 'the disk is full: free some space, or write elsewhere',
  EDQUOT: 'your disk quota is used up: free some space, or write elsewhere',
  EFBIG: 'the file would exceed the size limit: allow more with ulimit -f, or write elsewhere',
  EROFS: 'the disk cannot be written to: write elsewhere',
}

/** Returns why the system will not read or write under a name, as the end of a sentence. */
const OF_FILES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'part of its path is not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied: choose another name, or change the permissions there',
  EPERM: 'the system does not allow it: choose another name',
  ELOOP: 'its symbolic links form a loop',
  ENAMETOOLONG: 'its name is too long',
  EBUSY: 'another program is using it: end that program, or choose another name',
  EIO: 'the disk reports an error: choose another disk',
}

/** Undefined unless the system lacks a resource. */
const shortageOf = (error: unknown): string | undefined => IN_WORDS[(error as NodeJS.ErrnoException)?.code ?? '']

export const systemWords = (error: Error): string => shortageOf(error) ?? error.message

/** Returns why a file could not be read or written, without its name, which the caller adds. */
export function fileWords(error: Error): string {
  const { code = '' } = error as NodeJS.ErrnoException
  // The system's own words in other cases: `ENXIO: no such device or address, open 'x'`.
  return OF_FILES[code] ?? shortageOf(error) ?? error.message.replace(/^E[A-Z]+: (.*?), [a-z]+(?: '.*)?$/s, '$1')
}

/** Ports below this one need special rights on many systems. */
export const FIRST_FREE_PORT = 1_024

type BindError = NodeJS.ErrnoException & { readonly address?: string; readonly port?: number }

export interface AddressProblem {
  /** Undefined for a socket of the file system. */
  readonly port: number | undefined
  /** Returns words such as `TCP port 20000 is in use`. */
  readonly what: string
  /** Whether a program has it, which can be ended. The system gives a reserved address to nobody. */
  readonly isInUse: boolean
}

/** Returns words for a port or socket that could not be bound; undefined for errors of another kind. */
export function addressProblem(error: unknown): AddressProblem | undefined {
  const { code, syscall, address, port = -1 } = Object(error) as BindError
  const isInUse = code === 'EADDRINUSE'
  if (syscall !== 'listen' && syscall !== 'bind') return undefined
  if (!isInUse && code !== 'EACCES' && code !== 'EPERM') return undefined
  // Node reports this port for a socket of the file system.
  if (port === -1)
    return { port: undefined, what: `socket ${address} ${isInUse ? 'is in use' : 'cannot be created there'}`, isInUse }
  const where = address === undefined || address === '127.0.0.1' ? '' : ` of ${address}`
  const reserved = `is reserved by the system${port < FIRST_FREE_PORT ? `, as those below ${FIRST_FREE_PORT} are` : ''}`
  const what = `${syscall === 'bind' ? 'UDP' : 'TCP'} port ${port}${where} ${isInUse ? 'is in use' : reserved}`
  return { port, what, isInUse }
}

/** Returns why a node cannot use its ports, or another reason why it did not start, and a way out. */
export function explainStart(error: Error): string {
  const problem = addressProblem(error)
  if (!problem) return systemWords(error)
  const { what, isInUse } = problem
  if (!isInUse) return `${what}; choose another`
  // A node's UDP port follows from its id.
  return what.startsWith('UDP')
    ? `${what}; end the program that uses it (./stopall ends nodes that are left over), or choose other ports for all nodes`
    : `${what}; ./stopall ends nodes that are left over, or choose another port`
}
