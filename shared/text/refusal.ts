/** Something cannot be done. The message is a sentence for people that says why and what to do. */
export class Refusal extends Error {}
