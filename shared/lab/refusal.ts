import { Refusal } from '../text/refusal.ts'

/** Reports that a lab cannot do something. */
export class LabRefusal extends Refusal {}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
