/** Writes the tables of the study as Markdown, between their marks in the text. */

import type { FaultPoint, Findings } from './experiments.ts'
import { linksToAll } from './theory.ts'

export function tablesOf(findings: Findings): Record<string, string> {
  return {
    size: sizeTable(findings),
    loss: faultTable(findings.loss, (fault) => `${Math.round(100 * fault)} % lost`),
    churn: faultTable(findings.churn, (fault) => `${Math.round(100 * fault)} % crash`),
    status: statusTable(findings),
  }
}

/** Puts each table between `<!-- name -->` and `<!-- end -->`. */
export function fillIn(text: string, tables: Readonly<Record<string, string>>): string {
  return text.replace(/<!-- (\w+) -->\n[\s\S]*?<!-- end -->/g, (whole, name: string) =>
    tables[name] === undefined ? whole : `<!-- ${name} -->\n${tables[name]}\n<!-- end -->`,
  )
}

const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`

const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]) =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n')

const whole = (value: number): string => Math.round(value).toLocaleString('en-US')
const ms = (value: number | null): string => (value === null ? 'not all' : whole(value))

function sizeTable({ size }: Findings): string {
  const rows = size
    .filter(({ n }) => [10, 100, 1_000, 10_000, 100_000].includes(n))
    .sort((a, b) => a.topology.localeCompare(b.topology) || a.n - b.n)
    .map(({ topology, n, by, messages, half, most, all, datagrams }) => [
      by === 'model' ? `${topology} (model)` : topology,
      whole(n),
      messages,
      whole(linksToAll(topology, n)),
      ms(half),
      ms(most),
      ms(all),
      datagrams.toFixed(2),
    ])
  return table(['network', 'nodes', 'messages', 'theory, links', 'half', '99 %', 'all, ms', 'datagrams a node'], rows)
}

function faultTable(points: readonly FaultPoint[], inWords: (fault: number) => string): string {
  const faults = [...new Set(points.map(({ fault }) => fault))]
  const networks = [...new Set(points.map(({ topology, n }) => `${topology} of ${n}`))]
  const cell = (network: string, fault: number) => {
    const point = points.find((one) => `${one.topology} of ${one.n}` === network && one.fault === fault)
    return point ? `${ms(point.all)} / ${ms(point.worst)}` : ''
  }
  const rows = faults.map((fault) => [inWords(fault), ...networks.map((network) => cell(network, fault))])
  return table(['median / 95 %, ms', ...networks], rows)
}

function statusTable({ status, statusLater }: Findings): string {
  const rows = status.map(({ origins, bytes, datagrams }, place) => {
    const later = statusLater[place]
    return [whole(origins), whole(bytes), datagrams, whole(later?.bytes ?? 0), later?.datagrams ?? 0]
  })
  return table(['origins', 'bytes', 'datagrams', 'bytes, generation 20,000', 'datagrams'], rows)
}
