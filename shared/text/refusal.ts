/** Reports that something cannot be done. The message is a sentence for people that says why and what to do. */
export class Refusal extends Error {}

/** Returns the words for an internal error. */
export const faultWords = (error: unknown): string =>
  `this is a bug in Rumorscope, please report it: ${error instanceof Error ? error.message : String(error)}`
