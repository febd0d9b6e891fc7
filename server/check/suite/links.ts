/** Tests links that lose, cut, double and reorder datagrams, and links on which nothing is new. They need a gate. */
import type { EventOf, LabEvent } from '../../../shared/model/event.ts'
import { plural } from '../../../shared/text/format.ts'
import { RunSkipped } from '../complaint.ts'
import { brief } from '../course/expected.ts'
import { carriesText } from '../sightings.ts'
import { type BuiltIn, builtIn } from './built-in.ts'
import { requireOnce } from './messages.ts'
import { idsOf, type People } from './people.ts'

/** Several periods of 10 s for each link: one in five statuses is lost, and one in five rumors. In ms. */
const LOSSY_WITHIN_MS = 90_000
/** Time past which no further message is sent under loss, in ms: slow repairs must not last as long as a run may. */
const LOSSY_ROUNDS_MS = 60_000
/** Time in which no message may travel, and time until that begins at the latest, in ms. */
const QUIET_MS = 3_000
const QUIET_WITHIN_MS = 30_000

const TEXTS = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta'] as const

/** Says the texts at both ends of the line. */
async function sayAtEnds(people: People): Promise<void> {
  const last = people.network.n - 1
  await Promise.all([people.say(0, ...TEXTS.slice(0, 3)), people.say(last, ...TEXTS.slice(3))])
}

function requireDatagrams(events: readonly LabEvent[]) {
  if (!events.some(({ type }) => type === 'sent')) throw new RunSkipped('it sends no datagrams to its neighbours')
}

const TESTS: readonly BuiltIn[] = [
  {
    name: 'loss of 20 %',
    rule: 'handout, anti-entropy repairs: loss',
    needs: 2,
    async steps(people) {
      await people.network.command('link * loss 20')
      const { network } = people
      const since = network.now()
      for (const [index, text] of TEXTS.entries()) {
        if (network.now() - since > LOSSY_ROUNDS_MS) break
        // One at a time: the next message would show what is missing even without anti-entropy.
        await people.say(index % 2 === 0 ? 0 : network.n - 1, text)
        await people.untilShown(idsOf(network), TEXTS.slice(0, index + 1), LOSSY_WITHIN_MS)
      }
      requireDatagrams(network.events)
    },
  },
  {
    name: 'cut and heal',
    rule: 'handout, anti-entropy repairs: a link that was cut',
    needs: 2,
    async steps(people) {
      const { network } = people
      await network.command('link 1 2 cut on')
      await sayAtEnds(people)
      // By then every retransmission has been given up.
      await network.sleep(QUIET_MS)
      requireDatagrams(network.events)
      await network.command('link 1 2 cut off')
      await people.untilShown(idsOf(network), TEXTS)
    },
  },
  {
    name: 'doubled datagrams',
    rule: 'handout, invariants: no message twice, whatever is doubled',
    needs: 2,
    async steps(people) {
      await people.network.command('link * duplicate 100')
      await sayAtEnds(people)
      await people.untilShown(idsOf(people.network), TEXTS)
      await requireOnce(people, idsOf(people.network))
      requireDatagrams(people.network.events)
    },
  },
  {
    name: 'reordered datagrams',
    rule: 'handout, invariants: no gap, whatever is overtaken',
    needs: 2,
    async steps(people) {
      await people.network.command('link * reorder 50 jitter 400')
      await sayAtEnds(people)
      await people.untilShown(idsOf(people.network), TEXTS)
      requireDatagrams(people.network.events)
    },
  },
  {
    name: 'silence but for anti-entropy',
    rule: 'handout, invariants: when nothing is new, only anti-entropy travels',
    needs: 2,
    async steps(people) {
      const { network } = people
      await sayAtEnds(people)
      await people.untilShown(idsOf(network), TEXTS)
      const since = network.now()
      for (;;) {
        const from = network.now()
        await network.sleep(QUIET_MS)
        await network.lab.sequencer.flushed()
        const sent = network.events.filter((event) => event.type === 'sent').filter(({ at }) => at >= from)
        requireDatagrams(network.events)
        const loud = sent.filter((event) => TEXTS.some((text) => carriesText(event, text, network.events)))
        if (loud.length === 0) return
        if (network.now() - since > QUIET_WITHIN_MS) return tooLoud(people, loud)
      }
    },
  },
]

function tooLoud(people: People, loud: readonly EventOf<'sent'>[]): never {
  const [{ node, at } = { node: 0, at: 0 }] = loud
  const again = TEXTS.filter((text) => loud.some((event) => carriesText(event, text, people.network.events)))
  const words = `all nodes have had everything for 30 s, and still send ${brief(again)}: ${plural(loud.length, 'datagram')} in 3 s`
  return people.fail(node, words, at)
}

export const LINK_TESTS = TESTS.map(builtIn)
