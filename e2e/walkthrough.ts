/** The report's walkthrough (report, walkthrough: "1 crash" cuts the line), and the expected chat logs on the way. */
import { expect } from 'vitest'

const STARTS = (port: (id: number) => number) => [0, 1, 2, 3].map((id) => `${id} start 4 ${port(id)}`)

const MESSAGES = [
  '0 msg 1 Lexi',
  '0 msg 2 my528',
  '1 msg 1 Sophie',
  '1 msg 2 sw2298',
  '2 msg 1 hello',
  '2 msg 2 heyhey',
  '3 msg 1 bye',
  '3 msg 2 farewell',
]

/** In the canonical order: by generation, then number, then origin. */
const EIGHT = 'Lexi,Sophie,hello,bye,my528,sw2298,heyhey,farewell'
export const NINE = `${EIGHT},network`

export interface Walker {
  /** Carries a line out. */
  type(line: string): Promise<void>
  /** Returns the messages of a node now, or once they are as wanted if that takes time. */
  chatLog(id: number, wanted: string): Promise<string>
}

/** Follows it exactly, the restart at its end included. */
export async function walkThrough(walker: Walker, port: (id: number) => number): Promise<void> {
  const expectLog = async (id: number, wanted: string) => expect(await walker.chatLog(id, wanted)).toBe(wanted)
  for (const line of STARTS(port)) await walker.type(line)
  for (const line of MESSAGES) await walker.type(line)
  for (const id of [3, 2, 1, 0]) await expectLog(id, EIGHT)
  await walker.type('1 crash')
  await walker.type('0 msg 3 network')
  await expectLog(0, NINE)
  for (const id of [2, 3]) await expectLog(id, EIGHT)
  await walker.type(`1 start 4 ${port(1)}`)
  for (const id of [0, 1, 2, 3]) await expectLog(id, NINE)
  await walker.type('exit')
}
