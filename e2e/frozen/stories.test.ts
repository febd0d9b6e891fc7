/**
 * Tests short stories in a lab of real processes, frozen: each file in stories/ is a script, a line of dashes, and the
 * lab's expected events. A script with `# shown: holders` has a part that chance decides, and shows less: see Shown.
 * Greetings of starting nodes are never shown. After an intended change, write the new streams with
 *
 *     npx vitest run --project e2e e2e/frozen/stories -u
 *
 * and read the difference before you commit it.
 */
import { beforeAll, expect, test } from 'vitest'
import { findingsIn } from '../../shared/findings/findings.ts'
import { EMPTY_LAB } from '../../shared/model/lab-state.ts'
import { type PlayedStories, playStories } from './story-driver.ts'
import { type Shown, storyText } from './story-text.ts'

const files = import.meta.glob<string>('./stories/*.txt', { query: '?raw', import: 'default', eager: true })
const DASHES = '-'.repeat(40)

const stories = Object.entries(files).map(([path, file], place) => {
  const [script = ''] = file.split(DASHES)
  const lines = script.trimEnd().split('\n')
  const shown: Shown = lines.includes('# shown: holders') ? 'holders' : 'everything'
  return { path, place, script, shown, lines: lines.filter((line) => !line.startsWith('#')) }
})

let played: PlayedStories
beforeAll(async () => {
  played = await playStories(stories.map(({ lines }) => lines))
})

test('every datagram that left a gate came to one end', () => {
  const events = played.stories.flat().flatMap((line) => line.events)
  const left = events.flatMap((event) => (event.type === 'sent' && event.fate === undefined ? [event.n] : []))
  const ended = events.flatMap((event) => {
    const hasEnded = event.type === 'received' || event.type === 'rejected' || event.type === 'lost'
    return hasEnded && event.datagram ? [event.datagram] : []
  })
  expect(left.length).toBeGreaterThan(0)
  expect(ended.sort()).toEqual(left.sort())
})

test('the nodes, which follow the protocol, give no findings', () => {
  for (const [place, { path }] of stories.entries()) {
    const events = (played.stories[place] ?? []).flatMap((line) => line.events)
    const until = (events.at(-1)?.at ?? 0) + 60_000
    expect(
      findingsIn(EMPTY_LAB, events, until).map(({ words }) => words),
      path,
    ).toEqual([])
  }
})

test.each(stories)('$path happens as written', async ({ path, place, script, shown }) => {
  const text = storyText(played.stories[place] ?? [], shown, played)
  await expect(`${script}${DASHES}\n${text}`).toMatchFileSnapshot(path)
})
