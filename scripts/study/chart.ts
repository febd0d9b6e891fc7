/** Draws charts as SVG text: on a light ground of their own, so that they look alike on a light and a dark page. */
import { line, scaleLinear, scaleLog } from 'd3'

export interface Series {
  readonly name: string
  readonly points: readonly (readonly [x: number, y: number])[]
  readonly color: string
  /** Theory is dashed and has no marks. */
  readonly dashed?: boolean
  /** Marks without a line between them. */
  readonly marksOnly?: boolean
}

export interface Chart {
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  readonly series: readonly Series[]
}

export interface Axis {
  readonly label: string
  readonly log?: boolean
  readonly domain: readonly [from: number, to: number]
  readonly ticks: readonly number[]
}

const WIDTH = 820
const HEIGHT = 480
const MARGIN = { top: 52, right: 190, bottom: 56, left: 92 }
const LABEL_HEIGHT = 17

/** Colours that colour-blind people can distinguish (Okabe and Ito). */
export const COLORS = {
  blue: '#0072b2',
  orange: '#d55e00',
  green: '#00805f',
  purple: '#a8487f',
  black: '#30343c',
  sky: '#2f8fc4',
} as const

type Scale = (value: number) => number

export function drawChart({ title, x, y, series }: Chart): string {
  const toX = scaleOf(x, [MARGIN.left, WIDTH - MARGIN.right])
  const toY = scaleOf(y, [HEIGHT - MARGIN.bottom, MARGIN.top])
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" font-family="system-ui, -apple-system, 'Segoe UI', sans-serif" font-size="13">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" rx="10" fill="#fbfaf7"/>`,
    `<text x="${MARGIN.left}" y="30" font-size="16" font-weight="600" fill="#20242b">${escaped(title)}</text>`,
    ...drawX(x, toX),
    ...drawY(y, toY),
    ...series.flatMap((one) => drawSeries(one, toX, toY)),
    ...drawLabels(series, toX, toY),
    '</svg>',
    '',
  ].join('\n')
}

const scaleOf = ({ log, domain }: Axis, range: [number, number]): Scale =>
  log ? scaleLog(domain, range) : scaleLinear(domain, range)

function drawX({ label, ticks }: Axis, toX: Scale): string[] {
  const bottom = HEIGHT - MARGIN.bottom
  const middle = (MARGIN.left + WIDTH - MARGIN.right) / 2
  return [
    ...ticks.map((tick) => `<path d="M${at(toX(tick))},${MARGIN.top}V${bottom}" stroke="#e4e1d9"/>`),
    ...ticks.map(
      (tick) =>
        `<text x="${at(toX(tick))}" y="${bottom + 19}" text-anchor="middle" fill="#4a4f59">${inWords(tick)}</text>`,
    ),
    `<text x="${middle}" y="${HEIGHT - 14}" text-anchor="middle" fill="#20242b">${escaped(label)}</text>`,
  ]
}

function drawY({ label, ticks }: Axis, toY: Scale): string[] {
  const middle = (MARGIN.top + HEIGHT - MARGIN.bottom) / 2
  return [
    ...ticks.map((tick) => `<path d="M${MARGIN.left},${at(toY(tick))}H${WIDTH - MARGIN.right}" stroke="#e4e1d9"/>`),
    ...ticks.map(
      (tick) =>
        `<text x="${MARGIN.left - 9}" y="${at(toY(tick) + 4)}" text-anchor="end" fill="#4a4f59">${inWords(tick)}</text>`,
    ),
    `<text transform="translate(22 ${middle}) rotate(-90)" text-anchor="middle" fill="#20242b">${escaped(label)}</text>`,
  ]
}

function drawSeries({ points, color, dashed, marksOnly }: Series, toX: Scale, toY: Scale): string[] {
  const path = line<readonly [number, number]>(
    ([x]) => toX(x),
    ([, y]) => toY(y),
  )
  const stroke = `stroke="${color}" stroke-width="${dashed ? 1.5 : 2}" fill="none"${dashed ? ' stroke-dasharray="5 4" opacity="0.75"' : ''}`
  return [
    ...(marksOnly ? [] : [`<path d="${path.digits(1)(points) ?? ''}" ${stroke}/>`]),
    ...(dashed
      ? []
      : points.map(([x, y]) => `<circle cx="${at(toX(x))}" cy="${at(toY(y))}" r="3.4" fill="${color}"/>`)),
  ]
}

/** Puts each name beside the end of its line, moved up or down if two would overlap. */
function drawLabels(series: readonly Series[], toX: Scale, toY: Scale): string[] {
  const labels = series
    .map(({ name, points, color, dashed }) => {
      const [x, y] = points.at(-1) ?? [0, 0]
      return { name, color, dashed, fromX: toX(x), fromY: toY(y), y: toY(y) }
    })
    .sort((a, b) => a.y - b.y)
  spreadOut(labels)
  const left = WIDTH - MARGIN.right + 16
  return labels.flatMap(({ name, color, dashed, fromX, fromY, y }) => [
    `<path d="M${at(fromX + 6)},${at(fromY)}L${left - 3},${at(y)}" stroke="${color}" stroke-width="0.75" opacity="0.5"/>`,
    `<text x="${left}" y="${at(y + 4)}" fill="${color}"${dashed ? ' font-style="italic"' : ''}>${escaped(name)}</text>`,
  ])
}

function spreadOut(labels: { y: number }[]) {
  const least = (place: number) => (labels[place - 1]?.y ?? Number.NEGATIVE_INFINITY) + LABEL_HEIGHT
  labels.forEach((label, place) => {
    label.y = Math.max(label.y, MARGIN.top, least(place))
  })
  let most = HEIGHT - MARGIN.bottom + LABEL_HEIGHT
  for (const label of labels.reverse()) {
    label.y = Math.min(label.y, most)
    most = label.y - LABEL_HEIGHT
  }
}

const at = (value: number): number => Math.round(value * 10) / 10

const inWords = (value: number): string =>
  value >= 1_000 ? value.toLocaleString('en-US') : `${Number(value.toPrecision(3))}`

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;')
