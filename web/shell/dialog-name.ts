/** The dialogs of the page, by what opens them; null when none is open. */
export type DialogName = 'network' | 'help' | 'share' | 'invite' | null
