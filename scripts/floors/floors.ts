/**
 * The floors of the house: a folder imports itself and the folders that it names here, of types too. Folders that are
 * absent, such as `server/cli` and `web/site`, put the others together.
 */

/** Parts of the page as a user sees them; none of them imports another. */
const ROOMS = ['spread', 'stage', 'timeline', 'inspector', 'lessons', 'classroom', 'export', 'console']
const BELOW_ROOMS = ['model', 'store', 'ui', 'canvas']

/** By part and folder, from the lowest floor up. Those of server and web may import all of shared, too. */
export const FLOORS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  shared: {
    gossip: [],
    text: ['gossip'],
    model: ['gossip', 'text'],
    language: ['gossip', 'text', 'model'],
    findings: ['gossip', 'text', 'model', 'language'],
    wire: ['gossip', 'text', 'model', 'language'],
    node: ['gossip', 'text', 'model', 'language'],
    lab: ['gossip', 'text', 'model', 'language', 'wire', 'node'],
    sim: ['gossip', 'text', 'model', 'language', 'wire', 'node', 'lab'],
  },
  server: {
    platform: [],
    node: ['platform'],
    hosts: ['platform'],
    recorder: ['platform'],
    check: ['platform', 'hosts'],
    http: ['platform', 'recorder'],
    broadcast: ['platform', 'http'],
  },
  web: {
    worker: [],
    model: [],
    store: ['model'],
    ui: ['model', 'store'],
    canvas: ['model', 'store'],
    ...Object.fromEntries(ROOMS.map((room) => [room, BELOW_ROOMS])),
    fork: ['model', 'store', 'ui', 'spread'],
    shell: [...BELOW_ROOMS, ...ROOMS, 'fork'],
  },
}

/** By part, tests included: other parts, `node:` and packages that it may not import. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  shared: /^(?:server|web|e2e|scripts)\/|^node:|^(?:react|d3)/,
  server: /^web\/|^(?:react|d3)/,
  web: /^(?:server|e2e|scripts)\/|^node:/,
}
const OURS = /^(?:shared|server|web|e2e|scripts)\//
const TEST = /\.test\.tsx?$/

/**
 * Says why a file may not import something, or returns null. `from` is its path; `to` is a path of ours, `node:` with a
 * name, or a package. Paths are relative to the project.
 */
export function refusal(from: string, to: string): string | null {
  const [part = '', folder = ''] = from.split('/')
  if (REFUSED[part]?.test(to)) return `${from}: ${part} does not import ${to}`
  const allowed = FLOORS[part]?.[folder]
  if (!allowed || TEST.test(from)) return null
  const isOurs = OURS.test(to)
  if (!isOurs) return from.startsWith('shared/gossip/') ? `${from}: the protocol needs no package, such as ${to}` : null
  const may = [folder, ...allowed].map((name) => `${part}/${name}/`)
  if (part !== 'shared') may.push('shared/')
  if (may.some((path) => to.startsWith(path))) return null
  return `${from}: imports ${to}, and may import only ${may.join(', ')}`
}
