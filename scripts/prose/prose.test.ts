/** Tests that all English in the repository follows the rules under "Style" in CONTRIBUTING.md that a machine can check. */
import { describe, expect, test } from 'vitest'
import { filesEnding, readOurs } from '../docs/markdown.ts'
import { passagesOf } from './passages.ts'
import { findingsIn } from './rules.ts'

const findings = (path: string, source: string): string[] =>
  passagesOf(path, source).flatMap(({ kind, offset, text }) =>
    findingsIn(kind, text).map((finding) => `${path}:${lineAt(source, offset)}: ${kind} ${finding}`),
  )

const lineAt = (source: string, offset: number): number => source.slice(0, offset).split('\n').length

/** This folder is left out, because it quotes the refused words. */
const FILES = filesEnding(['.md', '.ts', '.tsx', '.mjs', '.cjs', '.css', '.html']).filter(
  (path) => !path.startsWith('scripts/prose/'),
)

test('documents, lessons, comments, test names and words for people are plain', () => {
  expect(FILES.length).toBeGreaterThan(700)
  expect(
    FILES.flatMap((path) => findings(path, readOurs(path))),
    'see Style in CONTRIBUTING.md',
  ).toEqual([])
})

/** Where English is: each puts a sentence at its place in a file, on line 3. */
const PLACES: readonly [place: string, path: string, file: (sentence: string) => string][] = [
  ['a document', 'docs/page.md', (sentence) => `# Title\n\n${sentence}`],
  ['a list of a document', 'docs/page.md', (sentence) => `# Title\n\n- ${sentence}`],
  ['a table of a document', 'docs/page.md', (sentence) => `| a | b |\n|---|---|\n| c | ${sentence} |`],
  ['a lesson', 'lessons/01-line.md', (sentence) => `---\n---\n${sentence}`],
  ['a doc comment', 'shared/a.ts', (sentence) => `\n\n/** ${sentence} */\nexport const a = 1`],
  ['a comment over several lines', 'web/a.ts', (sentence) => `\n\n// ${sentence.replace(/ (?=\w+\.?$)/, '\n// ')}`],
  ['a second paragraph', 'web/a.ts', (sentence) => `\n\n/**\n * A sentence.\n *\n * ${sentence}\n */`],
  ['a comment of a style sheet', 'web/a.css', (sentence) => `\n\n/* ${sentence} */`],
  ['a label', 'web/a.tsx', (sentence) => `\n\nconst a = <p title=${JSON.stringify(sentence)} />`],
  ['markup', 'web/a.tsx', (sentence) => `\n\nconst a = <p>${sentence}</p>`],
  ['a computed text', 'server/a.ts', (sentence) => `\n\nconst a = \`${sentence.replace(/\.$/, ' $' + '{b}.')}\``],
]

describe.each(PLACES)('in %s', (_, path, file) => {
  test.each([
    'What arrives late was not late.',
    'Whoever opens it watches.',
    'Why it was lost, in words.',
    'One that ended is left out.',
    'Of a node in a hurry the report comes later.',
    'As it was before.',
    'Asked of the node in turn.',
    'How long a node waits.',
    'Where a node is.',
    'While the lab runs.',
    'A flight is over when its status comes.',
    'Each arrow has an end.',
    'A node holds a message.',
    'The messages that node 3 holds are lost.',
    'All running nodes hold it.',
    'An unusable datagram is counted.',
    'The network has settled.',
    'The label stands beside the node.',
    'The lab weighs both texts.',
    'The presenter is told at once.',
    'The port is to be free.',
    'The key goes to whoever asks.',
  ])('“%s” is refused', (sentence) => {
    const [finding, ...more] = findings(path, file(sentence))
    expect(finding).toMatch(new RegExp(`^${path}:[1-3]: .*“${sentence.slice(0, 8)}.*better: `))
    expect(more).toEqual([])
  })

  test.each([
    'The node sends a status to each neighbour.',
    'What happens when a node crashes?',
    'While the lab runs, its nodes gossip.',
    'A rumor in flight is not sent again.',
    'Arrow keys walk from node to node.',
    'Held datagrams wait at the gate, and null stands for the default.',
  ])('“%s” is accepted', (sentence) => {
    expect(findings(path, file(sentence))).toEqual([])
  })
})

describe('a test name', () => {
  const named = (name: string) =>
    findings('a.test.ts', `describe('a node', () => {\n  test.each([1])('${name}', () => {})\n})`)

  test('continues the names of its groups, so it may open as a part of a sentence', () => {
    expect(named('of a line starts')).toEqual([])
    expect(named('that is told late')).toEqual([
      'a.test.ts:2: test name “a node that is told late” (better: name who reports: "the node reports")',
    ])
    expect(findings('a.test.ts', "\ntest('what a node sends', () => {})")).toHaveLength(1)
  })

  test('is checked, but not the texts that a test passes', () => {
    expect(findings('a.test.ts', "test('a node starts', () => say('What is told'))")).toEqual([])
  })
})

test('code, class names and addresses are not English', () => {
  const code = "import 'held messages'\nconst a = 'flight arrow {b}; flight'\nconst c = <i className='flight' />"
  expect(findings('a.tsx', code.replace('held messages', './flight arrow.ts'))).toEqual([])
  expect(
    findings('a.md', '`the flight` and [this](flight.md)\n\n    the flight of code\n\n```\nthe flight\n```'),
  ).toEqual([])
})
