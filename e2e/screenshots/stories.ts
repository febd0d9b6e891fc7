/** All stories. */
import { CLASS } from './class.ts'
import { NETWORKS } from './networks.ts'
import { STATES } from './states.ts'
import type { Story } from './story.ts'
import { VIEWS } from './views.ts'

export const STORIES: Readonly<Record<string, Story>> = { ...NETWORKS, ...VIEWS, ...CLASS, ...STATES }
