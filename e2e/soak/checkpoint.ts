/** Heals everything; then the nodes must agree, and page, supervisor and the nodes themselves must report the same. */

import { setTimeout as sleep } from 'node:timers/promises'
import { disagreement } from '../../shared/model/agreement.ts'
import type { LabState } from '../../shared/model/lab-state.ts'
import { formatCount, plural } from '../../shared/text/format.ts'
import type { LabPage } from '../support/lab-page.ts'
import { resize } from './resize.ts'
import { nodeProcesses, type Subject } from './subject.ts'

/** Far beyond the usual time: many messages over a long line on a busy machine. */
const AGREEMENT_LIMIT_MS = 120_000
/** Buttons that leave each state which random clicks may have caused, in the order in which they must be pressed. */
const WAYS_BACK = [
  'Close',
  'Leave full screen',
  'Leave the lesson',
  'Keep this network as it is',
  'Close the lessons',
  'Close the scenario',
  'Back to the live lab',
  'Go live',
]
const SETTLES_WITHIN_MS = 500
const COMMAND_LIMIT_MS = 45_000
const PAGE_LIMIT_MS = 45_000
const LOOK_EVERY_MS = 200
/** Short, so that losses are repaired during the wait. */
const HEALED = [
  'hold timers off',
  'hold off',
  'heal',
  'key off',
  'delay 20',
  'set fanout=2 retries=3 window=16 coin=0.5',
]
const IMPATIENT = 'set antiEntropyMs=500 ackTimeoutMs=300'

/** Checks everything. @throws if anything disagrees. Logs the findings. */
export async function checkpoint(subject: Subject): Promise<string> {
  subject.resume()
  subject.cable.plugIn()
  // Comes first: a running lesson would go on changing the lab.
  await showPresent(subject)
  await heal(subject)
  const logs = await until(AGREEMENT_LIMIT_MS, () => agreedLogs(subject))
  const held = logs[0]?.length ?? 0
  const state = await until(AGREEMENT_LIMIT_MS, () => stateAgrees(subject, held))
  checkProcesses(state, subject.lab.rootId)
  await showPresent(subject)
  for (const page of [subject.page, subject.onlooker])
    await until(PAGE_LIMIT_MS, () => pageAgrees(subject, page, logs[0] ?? []))
  await clickThrough(subject, state, logs)
  return `${state.nodes.length} nodes agree on ${held} messages, by themselves and on both pages`
}

async function heal(subject: Subject) {
  const before = await subject.state()
  // Some nodes have a forged message and others refuse it: such a network cannot agree, and need not.
  if (before.settings === null || wasForged(before)) await mustDo(subject, subject.newNetwork)
  for (const line of [...HEALED, IMPATIENT]) await mustDo(subject, line)
  const { settings, nodes } = await subject.state()
  for (const { id, status, ending } of nodes)
    if (status !== 'running' || ending)
      await mustDo(subject, `${id} start ${nodes.length} ${(settings?.basePort ?? 0) + id}`)
  // Agreement on nothing is no finding.
  for (const { id } of nodes) await mustDo(subject, `${id} msg 1 healed${id}`)
}

/** A node that was just continued may take a moment until it responds again, and is refused in words until then. */
async function mustDo(subject: Subject, line: string) {
  await until(COMMAND_LIMIT_MS, async (): Promise<Verdict<true>> => {
    const answer = await subject.command(line)
    if (answer.ok) return { found: true }
    if (!/not answer/.test(answer.error)) throw new Error(`${line}: ${answer.error}`)
    return { not: `${line}: ${answer.error}` }
  })
}

function wasForged({ commands }: LabState): boolean {
  const begun = commands.findLastIndex(({ line, error }) => line.startsWith('network') && error === undefined)
  return commands.slice(begun + 1).some(({ line }) => line.includes('forge on'))
}

type Verdict<T> = { readonly found: T } | { readonly not: string }

/** Waits until `look` finds something. @throws after `limitMs`, with the last difference. */
async function until<T>(limitMs: number, look: () => Promise<Verdict<T>>): Promise<T> {
  const end = performance.now() + limitMs
  for (;;) {
    const verdict = await look()
    if ('found' in verdict) return verdict.found
    if (performance.now() > end) throw new Error(`after ${limitMs / 1_000} s ${verdict.not}`)
    await sleep(LOOK_EVERY_MS)
  }
}

/** Returns the chat log of each node, from its own answer over TCP, if all are the same. */
async function agreedLogs(subject: Subject): Promise<Verdict<readonly (readonly string[])[]>> {
  const { nodes } = await subject.state()
  const answers = await Promise.all(nodes.map(({ id }) => subject.ask(id, 'get chatLog')))
  const other = answers.findIndex((answer) => answer !== answers[0])
  if (other >= 0) return { not: `nodes 0 and ${other} have different messages:\n${answers[0]}\n${answers[other]}` }
  return { found: answers.map(textsOf) }
}

const textsOf = (answer: string): string[] => {
  const list = answer.replace(/^chatLog /, '')
  return list === '<empty>' ? [] : list.split(',')
}

async function stateAgrees(subject: Subject, held: number): Promise<Verdict<LabState>> {
  const state = await subject.state()
  const why = disagreement(state)
  if (why !== undefined) return { not: `the supervisor says ${why}` }
  const wrong = state.nodes.find((node) => node.status !== 'running' || node.messages !== held)
  if (!wrong) return { found: state }
  return {
    not: `the supervisor says node ${wrong.id} is ${wrong.status} and has ${plural(wrong.messages, 'message')}, it has ${held}`,
  }
}

/** Each node has one process, and there is no other. */
function checkProcesses({ nodes }: LabState, rootId: number) {
  if (process.platform !== 'linux') return
  const known = nodes.map(({ pid }) => pid ?? 0).sort((a, b) => a - b)
  const found = nodeProcesses(rootId).sort((a, b) => a - b)
  if (found.join() !== known.join())
    throw new Error(`processes ${found.join(', ')} are there, the lab knows ${known.join(', ')}`)
}

/** Brings the page to its initial state: no dialog, no full screen, live, a screen with all views. */
async function showPresent({ page: { page } }: Subject) {
  await resize(page, { width: 1_280, height: 720 })
  // A panel that a click opened may still be loading.
  await sleep(SETTLES_WITHIN_MS)
  for (let time = 0; time < 3; time += 1) await page.keyboard.press('Escape')
  for (const name of WAYS_BACK) {
    const button = page.getByRole('button', { name, exact: true })
    if (await button.isVisible()) await button.click()
  }
}

async function pageAgrees(subject: Subject, { page }: LabPage, texts: readonly string[]): Promise<Verdict<true>> {
  const { nodes, messages } = await subject.state()
  const shown = await page.evaluate(readPage)
  const names = nodes.map(({ id, keptBack }) => {
    const waiting = Object.keys(keptBack).length
    // A node waits for ever if the earlier message was lost with the only node that had it.
    const waits = waiting === 0 ? '' : `, ${waiting} received and waiting for an earlier one`
    return `Node ${id}, running, has ${formatCount(texts.length)} of ${plural(messages.length, 'message')}${waits}`
  })
  const odd = names.findIndex((name) => shown.nodes.every((seen) => seen !== name))
  if (odd >= 0) return { not: `the page does not say "${names[odd]}" but ${JSON.stringify(shown.nodes)}` }
  for (const { key, cells } of shown.rows) {
    const text = messages.find((message) => message.key === key)?.text
    // Two messages may have the same text; then the text does not identify the stored one.
    const alike = messages.filter((message) => message.text === text).length
    const isHeld = cells.every((cell) => cell === 'held' || cell === 'origin')
    if (text === undefined) return { not: `the page shows a message ${key} that there is not` }
    if (alike === 1 && isHeld !== texts.includes(text))
      return { not: `the page shows "${text}" as ${cells.join(', ')}` }
  }
  return { found: true }
}

/** Runs in the page. Returns the stage's words for each node, and the visible part of the spread. */
function readPage() {
  return {
    nodes: [...document.querySelectorAll('[data-node]')].map((node) => node.getAttribute('aria-label') ?? ''),
    rows: [...document.querySelectorAll('[data-message]')].map((row) => ({
      key: row.getAttribute('data-message') ?? '',
      cells: [...row.querySelectorAll('[data-cell]')].map((cell) => cell.getAttribute('data-cell') ?? ''),
    })),
  }
}

/** Checks that a click still sends its command: asks one node for its chat log. */
async function clickThrough({ page }: Subject, { nodes, last }: LabState, logs: readonly (readonly string[])[]) {
  const id = last % nodes.length
  const line = `${id} get chatLog`
  await page.openConsole()
  await page.page.evaluate(markEntries)
  await page.press(id, 'Chat log')
  const fresh = page.page.getByRole('log').locator('li:not([data-seen])').filter({ hasText: line }).locator('pre')
  const answer = await until(PAGE_LIMIT_MS, async (): Promise<Verdict<string>> => {
    const [text] = await fresh.allInnerTexts()
    return text === undefined ? { not: `a click on "Chat log" of node ${id} has brought no answer` } : { found: text }
  })
  const wanted = logs[id]?.join(',') || '<empty>'
  if (answer !== wanted) throw new Error(`the page says node ${id} has ${answer}, it has ${wanted}`)
}

/** Runs in the page. The console keeps only the newest entries, so their number does not show whether one is new. */
function markEntries() {
  for (const entry of document.querySelectorAll('[role="log"] li')) entry.setAttribute('data-seen', '')
}
