import { type Browser, chromium } from 'playwright-core'
import { inject } from 'vitest'

/** Connects to the browser that all files share. Closing it closes the contexts of this connection, nothing else. */
export const sharedBrowser = (): Promise<Browser> => chromium.connect(inject('browser'))
