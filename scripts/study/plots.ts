/** Draws the pictures of the study, by file name. */
import { ticks } from 'd3'
import { TOPOLOGIES, type Topology } from '../../shared/model/topology.ts'
import { type Axis, type Chart, COLORS, drawChart, type Series } from './chart.ts'
import type { FaultPoint, Findings, Point } from './experiments.ts'
import { linksToAll, residueOf } from './theory.ts'

const COLOR: Readonly<Record<Topology, string>> = {
  line: COLORS.blue,
  ring: COLORS.sky,
  grid: COLORS.green,
  random: COLORS.orange,
  mesh: COLORS.purple,
  star: COLORS.black,
  'small-world': COLORS.orange,
  'scale-free': COLORS.purple,
  geometric: COLORS.green,
}

const NODES: Axis = {
  label: 'nodes',
  log: true,
  domain: [8, 130_000],
  ticks: [10, 100, 1_000, 10_000, 100_000],
}

export function drawAll(findings: Findings): Record<string, string> {
  const charts: Record<string, Chart> = {
    'time.svg': time(findings),
    'expanders.svg': expanders(findings),
    'datagrams.svg': datagrams(findings),
    'residue.svg': residue(findings),
    'loss-time.svg': faultTime('Loss: time to all', 'datagrams lost, %', findings.loss),
    'loss-datagrams.svg': lossDatagrams(findings),
    'churn-time.svg': faultTime('Churn: time to all that live', 'of the nodes crash in 10 s, %', findings.churn),
    'status.svg': status(findings),
  }
  return Object.fromEntries(Object.entries(charts).map(([name, chart]) => [name, drawChart(chart)]))
}

type Ordinate = (point: Point) => number | null

function curve(points: readonly Point[], of: Ordinate): [number, number][] {
  return points.flatMap((point) => {
    const y = of(point)
    return y === null ? [] : [[point.n, y] as [number, number]]
  })
}

const ofTopology = ({ size }: Findings, topology: Topology, by: Point['by'] = 'machines') =>
  size.filter((point) => point.topology === topology && point.by === by)

function time(findings: Findings): Chart {
  const ns = [...new Set(findings.size.map(({ n }) => n))]
  const measured = (['line', 'ring', 'grid', 'random'] as const).map(
    (topology): Series => ({
      name: topology,
      color: COLOR[topology],
      points: curve(ofTopology(findings, topology), ({ most }) => most),
    }),
  )
  const mesh: Series = {
    name: 'mesh (model)',
    color: COLOR.mesh,
    points: curve(ofTopology(findings, 'mesh', 'model'), ({ half }) => half),
  }
  const theory = (['line', 'ring', 'grid'] as const).map(
    (topology): Series => ({
      name: { line: 'n − 1', ring: 'n / 2', grid: '2 (√n − 1)' }[topology],
      color: COLOR[topology],
      dashed: true,
      points: ns.map((n) => [n, linksToAll(topology, n)]),
    }),
  )
  return {
    title: 'Links that a message has crossed when 99 % have it (mesh: half)',
    x: NODES,
    y: {
      label: 'links (= ms at 1 ms a link)',
      log: true,
      domain: [2, 200_000],
      ticks: [10, 100, 1_000, 10_000, 100_000],
    },
    series: [...measured, mesh, ...theory],
  }
}

function expanders(findings: Findings): Chart {
  const ns = [...new Set(findings.size.map(({ n }) => n))]
  const series = (name: string, topology: Topology, by: Point['by'], of: Ordinate, color: string): Series => ({
    name,
    color,
    points: curve(ofTopology(findings, topology, by), of),
  })
  return {
    title: 'Where the diameter is small, time grows with log n',
    x: NODES,
    y: { label: 'links (= ms at 1 ms a link)', domain: [0, 32], ticks: [0, 5, 10, 15, 20, 25, 30] },
    series: [
      series('random, 99 %', 'random', 'machines', ({ most }) => most, COLORS.orange),
      series('random, half', 'random', 'machines', ({ half }) => half, '#b3782f'),
      series('mesh (model), half', 'mesh', 'model', ({ half }) => half, COLORS.purple),
      series('mesh (machines), half', 'mesh', 'machines', ({ half }) => half, COLORS.black),
      {
        name: 'log n to base 3',
        color: COLORS.orange,
        dashed: true,
        points: ns.map((n) => [n, linksToAll('random', n)]),
      },
      {
        name: 'log n to base 2.22',
        color: COLORS.purple,
        dashed: true,
        points: ns.map((n) => [n, linksToAll('mesh', n)]),
      },
    ],
  }
}

function datagrams(findings: Findings): Chart {
  const series = (['line', 'ring', 'grid', 'random'] as const).map(
    (topology): Series => ({
      name: topology,
      color: COLOR[topology],
      points: curve(ofTopology(findings, topology), (point) => point.datagrams),
    }),
  )
  const mesh: Series = {
    name: 'mesh (model)',
    color: COLOR.mesh,
    points: curve(ofTopology(findings, 'mesh', 'model'), (point) => point.datagrams),
  }
  return {
    title: 'Datagrams for one message, for each node but the first',
    x: NODES,
    y: { label: 'rumors, acknowledgements, questions', domain: [0, 12], ticks: [0, 2, 4, 6, 8, 10, 12] },
    series: [...series, mesh],
  }
}

function residue({ residue: points }: Findings): Chart {
  const series = [1, 2, 3, 4].map(
    (fanout, place): Series => ({
      name: `fanout ${fanout}`,
      color: [COLORS.blue, COLORS.orange, COLORS.green, COLORS.purple][place] ?? COLORS.black,
      marksOnly: true,
      points: points
        .filter((point) => point.fanout === fanout && point.missing > 0)
        .map(({ rumors, missing }) => [rumors, 100 * missing]),
    }),
  )
  const theory: Series = {
    name: 'e^−m',
    color: COLORS.black,
    dashed: true,
    points: Array.from({ length: 24 }, (_, k) => 0.5 + 0.4 * k).map((m) => [m, 100 * residueOf(m)]),
  }
  return {
    title: 'Nodes of a mesh that rumors alone leave out',
    x: { label: 'rumors sent, m for each node', domain: [0, 10], ticks: [0, 2, 4, 6, 8, 10] },
    y: { label: 'left for anti-entropy, %', log: true, domain: [0.005, 100], ticks: [0.01, 0.1, 1, 10, 100] },
    series: [...series.filter((one) => one.points.length > 0), theory],
  }
}

const topologiesOf = (points: readonly FaultPoint[]) =>
  TOPOLOGIES.filter((topology) => points.some((point) => point.topology === topology))

function faultTime(title: string, label: string, points: readonly FaultPoint[]): Chart {
  const top = Math.max(...points.map(({ fault }) => fault))
  const series = topologiesOf(points).map((topology): Series => {
    const own = points.filter((point) => point.topology === topology)
    return {
      name: `${topology} of ${own[0]?.n}`,
      color: COLOR[topology],
      points: own.flatMap(({ fault, all }) => (all === null ? [] : [[100 * fault, all] as [number, number]])),
    }
  })
  return {
    title: `${title}, median`,
    x: {
      label,
      domain: [0, 100 * top],
      ticks: ticks(0, 100 * top, 6),
    },
    y: { label: 'ms at 1 ms a link', log: true, domain: [3, 60_000], ticks: [10, 100, 1_000, 10_000] },
    series,
  }
}

function lossDatagrams({ loss }: Findings): Chart {
  const series = topologiesOf(loss).map((topology): Series => {
    const own = loss.filter((point) => point.topology === topology)
    return {
      name: `${topology} of ${own[0]?.n}`,
      color: COLOR[topology],
      points: own.map((point) => [100 * point.fault, point.datagrams]),
    }
  })
  return {
    title: 'Loss: datagrams for one message, for each node but the first',
    x: { label: 'datagrams lost, %', domain: [0, 30], ticks: [0, 5, 10, 15, 20, 25, 30] },
    y: { label: 'datagrams, median', domain: [0, 14], ticks: [0, 2, 4, 6, 8, 10, 12, 14] },
    series,
  }
}

function status({ status: first, statusLater }: Findings): Chart {
  const curveOf = (points: Findings['status']) => points.map(({ origins, bytes }): [number, number] => [origins, bytes])
  return {
    title: 'A status with one message of each origin',
    x: { label: 'origins', log: true, domain: [8, 26_000], ticks: [10, 100, 1_000, 10_000] },
    y: { label: 'bytes', log: true, domain: [50, 400_000], ticks: [100, 1_000, 10_000, 100_000] },
    series: [
      { name: 'generation 0', color: COLORS.blue, points: curveOf(first) },
      { name: 'generation 20,000', color: COLORS.orange, points: curveOf(statusLater) },
      {
        name: 'one datagram: 60,000',
        color: COLORS.black,
        dashed: true,
        points: [
          [8, 60_000],
          [26_000, 60_000],
        ],
      },
      {
        name: 'perhaps a part: 29,872',
        color: COLORS.green,
        dashed: true,
        points: [
          [8, 29_872],
          [26_000, 29_872],
        ],
      },
    ],
  }
}
