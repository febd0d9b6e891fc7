import { expect, test } from 'vitest'
import { linksOf, TOPOLOGIES, type Topology } from '../../shared/model/topology.ts'
import type { Place, StageLayout } from '../canvas/geometry.ts'
import { rimToRim } from '../canvas/rims.ts'
import { columnsFor } from '../model/columns.ts'
import { type Page, type Shares, sharesOf } from './shares.ts'

interface Screen {
  /** Size of all views together, as a browser gives it, in px. */
  readonly width: number
  readonly height: number
  readonly window?: number
  readonly zoom?: number
  readonly parts?: Partial<Page>
}

const HALL = 1.3
const PHONE = { scrolls: true, isTouched: true }
const FULL = { isFullScreen: true }

const LARGE: Readonly<Record<string, Screen>> = {
  '1280x720': { width: 1182, height: 577 },
  '1280x720 beside the inspector': { width: 920, height: 577 },
  '1280x720 beside a lesson': { width: 854, height: 577 },
  '1280x720 on the full screen': { width: 1244, height: 577, parts: FULL },
  '1280x720 in projector mode': { width: 1223, height: 612, zoom: HALL },
  '1280x720 in projector mode beside a lesson': { width: 802, height: 612, zoom: HALL },
  '1280x720 in projector mode on the full screen': { width: 1223, height: 612, zoom: HALL, parts: FULL },
  '1920x1080': { width: 1822, height: 937, window: 1080 },
  '1920x1080 beside a lesson': { width: 1434, height: 937, window: 1080 },
  '1920x1080 in projector mode': { width: 1863, height: 972, window: 1080, zoom: HALL },
  '1920x1080 in projector mode beside a lesson': { width: 1291, height: 972, window: 1080, zoom: HALL },
}
const SMALL: Readonly<Record<string, Screen>> = {
  '390x844': { width: 366, height: 600, window: 844, parts: PHONE },
  '360x640': { width: 336, height: 400, window: 640, parts: PHONE },
}

const known = new Map<string, Shares>()

/** Cached: several tests look at the same. */
function shares(topology: Topology, n: number, screen: Screen): Shares {
  const key = JSON.stringify([topology, n, screen])
  const made = known.get(key) ?? share(topology, n, screen)
  known.set(key, made)
  return made
}

function share(topology: Topology, n: number, { width, height, window = 720, zoom = 1, parts }: Screen): Shares {
  return sharesOf({
    columns: columnsFor(width, n, zoom),
    topology,
    height,
    windowHeight: window,
    windowWidth: window > 1_000 ? 1_920 : 1_280,
    zoom,
    scrolls: false,
    isTouched: false,
    isHolding: false,
    isConsoleOpen: false,
    isFullScreen: false,
    isFramed: false,
    split: null,
    ...parts,
  })
}

const NOWHERE: Place = { x: Number.NaN, y: Number.NaN }

const NO_SCREEN: Screen = { width: 0, height: 0 }

/** Length of the shortest drawn link, in node diameters. */
const shortest = (topology: Topology, layout: StageLayout) => lengthOf(topology, layout) / (2 * layout.radius)

/** The same in px. */
function lengthOf(topology: Topology, { places, radius }: StageLayout) {
  const lengths = linksOf(topology, places.length).map(([a, b]) => {
    const { x1, y1, x2, y2 } = rimToRim(places[a] ?? NOWHERE, places[b] ?? NOWHERE, radius)
    return Math.hypot(x2 - x1, y2 - y1)
  })
  return Math.min(...lengths)
}

function gap({ places, radius }: StageLayout) {
  let least = Number.POSITIVE_INFINITY
  for (const [id, a] of places.entries())
    for (const b of places.slice(id + 1)) least = Math.min(least, Math.hypot(a.x - b.x, a.y - b.y))
  return least - 2 * radius
}

const from = (least: number, most: number) => Array.from({ length: most - least + 1 }, (_, more) => least + more)
const LATTICE = from(2, 64)
const SIZES: Readonly<Record<Topology, readonly number[]>> = {
  line: LATTICE,
  grid: LATTICE,
  ring: LATTICE,
  // These layouts take longer, and differ less between sizes.
  star: [2, 3, 4, 5, 8, 9, 16, 17, 25, 33, 48, 64],
  mesh: [2, 3, 4, 5, 8, 11, 16, 17, 32, 64],
  random: [2, 3, 4, 5, 8, 9, 16, 24, 32, 64],
  'small-world': [2, 5, 9, 16, 36, 64],
  'scale-free': [2, 5, 9, 16, 36, 64],
  geometric: [2, 5, 9, 16, 36, 64],
}
const SCREENS = Object.keys({ ...LARGE, ...SMALL })
/** The extremes, and the usual sizes of a class, run on every screen. */
const EVERYWHERE = [2, 8, 16, 64]

/** Every screen has some of the other sizes, and each size has some screens: all of them on all would take a minute. */
const sizesFor = (topology: Topology, screen: string) =>
  SIZES[topology].filter(
    (size, place) => EVERYWHERE.includes(size) || place % SCREENS.length === SCREENS.indexOf(screen),
  )

const CASES = TOPOLOGIES.flatMap((topology) =>
  Object.entries({ ...LARGE, ...SMALL }).map(([name, screen]) => [topology, name, screen] as const),
)

test.each(CASES)('every %s at %s is inside its stage, its nodes apart and large enough to be read', (...given) => {
  const [topology, name, screen] = given
  for (const n of sizesFor(topology, name)) {
    const { layout } = shares(topology, n, screen)
    const { places, radius, height } = layout
    const [xs, ys] = [places.map(({ x }) => x), places.map(({ y }) => y)]
    expect(Math.min(...xs, ...ys) - radius, `${n}`).toBeGreaterThanOrEqual(0)
    expect(Math.max(...xs) + radius, `${n}`).toBeLessThanOrEqual(screen.width)
    expect(Math.max(...ys) + radius, `${n}`).toBeLessThanOrEqual(height)
    expect(gap(layout), `${n}`).toBeGreaterThan(0)
    expect(radius, `${n}`).toBeGreaterThanOrEqual(12)
  }
})

/** All pairs of nodes are linked, and no ellipse keeps so many neighbours so far apart. */
const MOST_IN_A_MESH = 16
/** Links of these do not fit into a plane as well as those of a random network. */
const TANGLED: readonly Topology[] = ['small-world', 'scale-free', 'geometric']

function mostWithLongLinks(topology: Topology): number {
  if (topology === 'mesh') return MOST_IN_A_MESH
  return TANGLED.includes(topology) ? 36 : 64
}

test.each(CASES.filter(([, name]) => name in LARGE))(
  'in every %s at %s the shortest link is at least 1.5 node diameters long',
  (topology, name, screen) => {
    for (const n of sizesFor(topology, name).filter((size) => size <= mostWithLongLinks(topology))) {
      const { layout, hasShortLinks } = shares(topology, n, screen)
      expect(shortest(topology, layout), `${n}`).toBeGreaterThanOrEqual(1.49)
      expect(hasShortLinks, `${n}`).toBe(false)
    }
  },
)

test.each(CASES.filter(([, name]) => name in SMALL))(
  'a %s of up to 16 at %s has links of that length, and a larger one says when it has not',
  (topology, name, screen) => {
    for (const n of sizesFor(topology, name)) {
      const { layout, hasShortLinks } = shares(topology, n, screen)
      const isShort = shortest(topology, layout) < 1.49
      expect(hasShortLinks, `${n}`).toBe(isShort)
      if (isShort) expect(layout.radius, `${n}`).toBe(12)
      if (n <= (topology === 'mesh' && name === '360x640' ? 12 : MOST_IN_A_MESH)) expect(isShort, `${n}`).toBe(false)
    }
  },
)

const IN_A_HALL = TOPOLOGIES.flatMap((topology) =>
  ['1280x720', '1920x1080'].flatMap((size) =>
    ['', ' beside a lesson'].map((where) => [topology, `${size}${where}`, `${size} in projector mode${where}`]),
  ),
)

test.each(IN_A_HALL)('projector mode makes the nodes of every %s at %s larger, and no link shorter', (...given) => {
  const [topology, usual, hall] = given as [Topology, string, string]
  for (const n of [2, 3, 4, 5, 8, 12, 16, 25, 36, 64].filter((n) => topology !== 'mesh' || n <= MOST_IN_A_MESH)) {
    const before = shares(topology, n, LARGE[usual] ?? NO_SCREEN).layout
    const after = shares(topology, n, LARGE[hall] ?? NO_SCREEN).layout
    expect(after.radius, `${n}`).toBeGreaterThan(before.radius * 1.02)
    // A few nodes have less width beside a lesson, whose words are larger too; and chance decides where links are
    // longest.
    if (n > 4 && topology !== 'random')
      expect(lengthOf(topology, after), `${n}`).toBeGreaterThan(lengthOf(topology, before) - 1)
  }
})

test('in a hall the views below are open while nodes are larger with them, and give way otherwise', () => {
  const hall = LARGE['1280x720 in projector mode'] ?? NO_SCREEN
  for (const topology of ['line', 'ring', 'star', 'mesh'] as const)
    expect(shares(topology, 8, hall).hasSpread, topology).toBe(true)
  expect(shares('line', 4, hall).time).toBe('open')
  expect(shares('grid', 64, hall)).toMatchObject({ hasSpread: false, time: 'away' })
  const asked = shares('grid', 64, { ...hall, parts: { split: 0.4 } })
  expect(asked).toMatchObject({ hasSpread: true, time: 'open' })
})

test('at 1280x720 the views of time have 200 px beside a line, a ring, a star and a mesh of 8', () => {
  for (const topology of ['line', 'ring', 'star', 'mesh'] as const) {
    const { time, leastTime } = shares(topology, 8, LARGE['1280x720'] ?? { width: 0, height: 0 })
    expect(time, topology).toBe('open')
    expect(leastTime, topology).toBeGreaterThanOrEqual(200)
  }
})

test('a grid of 64 has the height that it needs: the views of time give way, and the splitter brings them back', () => {
  const screen = LARGE['1280x720'] ?? { width: 0, height: 0 }
  expect(shares('grid', 64, screen).time).toBe('named')
  expect(shares('grid', 64, { ...screen, parts: { split: 0.4 } }).time).toBe('open')
})

const FRAMED = { isFramed: true }

test.each(CASES.filter(([, name]) => name.startsWith('1280x720')))(
  'while a run of a %s at %s is explained, space-time has room beside its stage',
  (topology, _, screen) => {
    for (const n of [4, 10, 16, 64].filter((n) => topology !== 'mesh' || n <= MOST_IN_A_MESH))
      for (const parts of [FRAMED, { ...FRAMED, split: 0.9 }]) {
        const { time, stage, leastTime, room } = shares(topology, n, {
          ...screen,
          parts: { ...screen.parts, ...parts },
        })
        expect(time, `${n}`).toBe('open')
        expect(leastTime, `${n}`).toBeGreaterThanOrEqual(150)
        expect(room - stage, `${n}`).toBeGreaterThan(leastTime - 1)
      }
  },
)

test('while a held datagram is explained, the spread has room beside space-time too', () => {
  for (const name of ['1280x720 beside a lesson', '1280x720 in projector mode beside a lesson']) {
    // The hold bar is below the stage of a laptop only then.
    const parts = { ...FRAMED, isHolding: !name.includes('projector') }
    const { time, hasSpread } = shares('line', 3, { ...(LARGE[name] ?? NO_SCREEN), parts })
    expect({ time, hasSpread }, name).toEqual({ time: 'open', hasSpread: true })
  }
})

test.each([2, 3, 4])('a line of %i in a hall keeps its links long, whatever else is open beside a lesson', (n) => {
  const { width, height, ...screen } = LARGE['1280x720 in projector mode beside a lesson'] ?? NO_SCREEN
  const either = [false, true]
  for (const isFramed of either)
    for (const isHolding of either)
      for (const isConsoleOpen of either)
        for (const split of [null, 0.1, 0.4, 0.9])
          for (const room of [height, height - 120]) {
            const parts = { isFramed, isHolding, isConsoleOpen, split }
            const { layout } = share('line', n, { ...screen, width, height: room, parts })
            expect(shortest('line', layout), JSON.stringify({ ...parts, room })).toBeGreaterThanOrEqual(1.49)
          }
})
