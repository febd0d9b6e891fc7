/**
 * Parses scenarios as text, for people: a network, a seed, and timed actions.
 *
 *     network 3 line fanout=1      as in the command language; the settings begin as the handout's
 *     seed 7
 *     standalone                   nodes remember their generations by themselves; `forget 0` loses that of node 0
 *     0     start all
 *     100   0 msg 1 hello          any command of a node: start, msg, crash
 *     200   lose 0 > 1 2           the next two datagrams from 0 to 1 are lost
 *     300   cut 0 1                both ways; `cut 0 > 1` one way; `heal 0 1`
 *     400   kill 2                 no last words
 *     500   tell 1 rumor:9:{x,9,0} a datagram from outside
 *     600   hoard 1                keeps rumors to itself; `share 1` ends it
 *     2000  end
 */

import { HANDOUT } from '../gossip/settings.ts'
import { type Command, parseCommand } from '../language/command.ts'
import { neighboursOf } from '../model/topology.ts'
import { formatTrace } from './trace.ts'
import { World } from './world.ts'

/** Runs a script. Returns its trace, one line for each event. */
export function runScript(script: string): string[] {
  const lines = script.split('\n').map((line) => line.replace(/#.*/, '').trim())
  const network = readNetwork(lines)
  const seed = Number(lines.find((line) => line.startsWith('seed '))?.slice(5) ?? 1)
  const trace: string[] = []
  const world: World = new World({
    seed,
    neighbours: neighboursOf(network.topology, network.n, seed),
    settings: { ...HANDOUT, ...network.settings },
    faults: { delayMs: 10 },
    standalone: lines.includes('standalone'),
    bytes: true,
    watch: (event) => {
      // The node reports this itself.
      if (event.type !== 'contradicted') trace.push(formatTrace(event, world.rootId))
    },
  })
  for (const line of lines) {
    const [, time, deed] = /^(\d+)\s+(.+)$/.exec(line) ?? []
    if (time === undefined || deed === undefined) continue
    world.run(Number(time))
    carryOut(world, deed)
  }
  return trace
}

function readNetwork(lines: readonly string[]): Command & { kind: 'network' } {
  const parsed = parseCommand(lines.find((line) => line.startsWith('network ')) ?? '')
  if (!parsed.ok || parsed.command.kind !== 'network') throw new Error('a script begins with its network')
  return parsed.command
}

const FAULT = /^(cut|heal|lose) (\d+) (?:(>) )?(\d+)(?: (\d+))?$/
const WORD = /^(kill|forget|hoard|share|tell) (\d+)(?: (.+))?$/

function carryOut(world: World, deed: string) {
  if (deed === 'end') return
  if (deed === 'start all') {
    world.startAll()
    return
  }
  const fault = FAULT.exec(deed)
  if (fault) {
    const [, what, from, oneWay, to, count] = fault
    changeLink(world, what ?? '', Number(from), Number(to), oneWay !== undefined, Number(count ?? 1))
    return
  }
  const word = WORD.exec(deed)
  if (word) changeNode(world, word[1] ?? '', Number(word[2]), word[3] ?? '')
  else command(world, deed)
}

function changeLink({ network }: World, what: string, from: number, to: number, oneWay: boolean, count: number) {
  if (what === 'lose') network.loseNext(from, to, count)
  else if (what === 'cut') {
    network.cut(from, to)
    if (!oneWay) network.cut(to, from)
  } else {
    network.heal(from, to)
    network.heal(to, from)
  }
}

function changeNode(world: World, what: string, id: number, rest: string) {
  if (what === 'kill') world.end(id, false)
  else if (what === 'forget') world.forget(id)
  else if (what === 'tell') world.inject(id, rest)
  else for (const node of world.nodes) if (node.id === id) node.hoards = what === 'hoard'
}

function command(world: World, line: string) {
  const parsed = parseCommand(line)
  if (!parsed.ok) throw new Error(`${line}: ${parsed.error}`)
  const { command: deed } = parsed
  if (deed.kind === 'start') world.start(deed.id)
  else if (deed.kind === 'msg') world.type(deed.id, deed.text)
  else if (deed.kind === 'crash') world.end(deed.id, true)
  else if (deed.kind === 'delay') world.changeFaults({ delayMs: deed.ms })
  else throw new Error(`${line}: not in a script`)
}
