/** Parses `process <id> <n> <port>`. */
export interface Arguments {
  readonly id: number
  readonly n: number
  readonly port: number
}

/** Default UDP port of node 0 (report; the handout uses 20000). */
const DEFAULT_ROOT_ID = 40_000
const MAX_PORT = 65_535
const MAX_SEED = 999_999_999

/** Parses the arguments. Returns an error that names the faulty one. */
export function parseArguments(argv: readonly string[], rootId: number): Arguments | string {
  if (argv.length !== 3) return `process takes three arguments, not ${argv.length}: process <id> <n> <port>`
  const [idText = '', nText = '', portText = ''] = argv
  const n = whole(nText, 1, MAX_PORT - rootId + 1)
  if (n === undefined) return `<n> must be a whole number from 1 to ${MAX_PORT - rootId + 1}, not '${nText}'`
  const id = whole(idText, 0, n - 1)
  if (id === undefined) return `<id> must be a whole number from 0 to ${n - 1} where <n> is ${n}, not '${idText}'`
  const port = whole(portText, 1, MAX_PORT)
  if (port === undefined) return `<port> must be a whole number from 1 to ${MAX_PORT}, not '${portText}'`
  return { id, n, port }
}

/** Returns the UDP port of node 0 from the environment, or an error. */
export function parseRootId(text: string | undefined): number | string {
  if (text === undefined || text === '') return DEFAULT_ROOT_ID
  return whole(text, 1, MAX_PORT) ?? `RUMORSCOPE_ROOT_ID must be a port from 1 to ${MAX_PORT}, not '${text}'`
}

/** Returns the seed from the environment, a random one if it names none, or an error. */
export function parseSeed(text: string | undefined): number | string {
  if (text === undefined || text === '') return Math.floor(Math.random() * MAX_SEED)
  return whole(text, 0, MAX_SEED) ?? `RUMORSCOPE_SEED must be a whole number from 0 to ${MAX_SEED}, not '${text}'`
}

function whole(text: string, min: number, max: number): number | undefined {
  if (!/^\d{1,9}$/.test(text)) return undefined
  const value = Number(text)
  return value >= min && value <= max ? value : undefined
}
