/** Something cannot be done, and the message says why and what to do. */
export class LabRefusal extends Error {}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
