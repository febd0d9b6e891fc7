/** The open dialog of the page; null when there is none. */
export type DialogName = 'network' | 'help' | 'share' | 'invite' | null
