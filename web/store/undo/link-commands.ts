/** Finds the commands that lead links from one condition to another. */
import type { FaultCommand, LinkChange, LinkName } from '../../../shared/language/command-faults.ts'
import { linksChangedBy } from '../../../shared/language/link-change.ts'
import {
  CHANCE_NAMES,
  changeLinks,
  conditionOf,
  endsOf,
  isHealthy,
  isSame,
  type LinkCondition,
  type LinkConditions,
  type LinkKey,
  wayOf,
} from '../../../shared/model/fault.ts'

type LinkCommand = Extract<FaultCommand, { kind: 'link' | 'hold' }>
/** A command without the name of its link. */
type LinkStep = { readonly change: LinkChange | 'heal' } | { readonly on: boolean }

/** Returns the commands after which the links are as `wanted`. A gate that opens releases its held datagrams. */
export function linkCommands(now: LinkConditions, wanted: LinkConditions): readonly LinkCommand[] {
  const commands: LinkCommand[] = []
  let links = now
  function give(link: LinkName, steps: readonly LinkStep[]) {
    for (const step of steps) {
      const command =
        'on' in step ? ({ kind: 'hold', link, ...step } as const) : ({ kind: 'link', link, ...step } as const)
      commands.push(command)
      links = changeLinks(links, Object.fromEntries(linksChangedBy(command, links)))
    }
  }
  give({ ways: 'all' }, stepsBetween(conditionOf(links, '*'), conditionOf(wanted, '*')))
  for (const [a, b] of pairsNamed(links, wanted)) {
    const [there, back] = [wayOf(a, b), wayOf(b, a)]
    const stepsThere = stepsBetween(conditionOf(links, there), conditionOf(wanted, there))
    const stepsBack = stepsBetween(conditionOf(links, back), conditionOf(wanted, back))
    if (JSON.stringify(stepsThere) === JSON.stringify(stepsBack)) give({ ways: 'both', from: a, to: b }, stepsThere)
    else {
      give({ ways: 'one', from: a, to: b }, stepsThere)
      give({ ways: 'one', from: b, to: a }, stepsBack)
    }
  }
  return commands
}

function stepsBetween(now: LinkCondition, wanted: LinkCondition): readonly LinkStep[] {
  const [open, openWanted] = [
    { ...now, hold: false },
    { ...wanted, hold: false },
  ]
  const isAlike = isSame(open, openWanted)
  return [
    ...(isAlike || isHealthy(open) ? [] : [{ change: 'heal' } as const]),
    ...(isAlike || isHealthy(openWanted) ? [] : [{ change: changeTo(wanted) }]),
    ...(now.hold === wanted.hold ? [] : [{ on: wanted.hold }]),
  ]
}

/** Returns the change that gives a healthy link this condition. */
function changeTo({ cut, delayMs, jitterMs, ...wanted }: LinkCondition): LinkChange {
  return {
    ...(cut && { cut }),
    ...Object.fromEntries(CHANCE_NAMES.filter((name) => wanted[name] > 0).map((name) => [name, wanted[name]])),
    ...(delayMs !== null && { delayMs }),
    ...(jitterMs > 0 && { jitterMs }),
  }
}

/** Returns each link with a named direction once, the lower id first. */
function pairsNamed(...all: readonly LinkConditions[]): readonly (readonly [number, number])[] {
  const ways = all.flatMap((links) => Object.keys(links) as LinkKey[])
  const pairs = ways.flatMap((key) => (key === '*' ? [] : [[...endsOf(key)].sort((a, b) => a - b)]))
  return [...new Map(pairs.map(([a = 0, b = 0]) => [`${a}-${b}`, [a, b] as const])).values()]
}
