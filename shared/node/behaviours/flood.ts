import { someRumor, type Trick, wellFormed } from './trick.ts'

/** Sends messages that every node has, over and over: valid, and useless. */
export const flood: Trick = (knowledge, _to, random) => {
  const rumor = random.next() < 0.5 ? someRumor(knowledge, random) : undefined
  const { port, vector } = knowledge
  return wellFormed('flood', rumor ?? { kind: 'status', sender: port, pairs: vector(), partial: false })
}
