/** A stretch of time, in ms of the lab. */
export interface Span {
  readonly from: number
  readonly to: number
}
