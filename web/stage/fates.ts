import type { Fate } from '../../shared/fault.ts'

/** What became of a datagram that its sender's gate did not let out. */
export const FATE_IN_WORDS: Readonly<Record<Fate, string>> = {
  cut: 'the link is cut',
  loss: 'lost on the link, by chance',
  dropped: 'dropped by hand',
  'gate full': 'too many datagrams wait at the gate',
}
