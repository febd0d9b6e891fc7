/** Runs before the first of these tests: starts one browser for all files. */
import type { TestProject } from 'vitest/node'
import { launchBrowserServer } from './browser.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of the browser's WebSocket. */
    readonly browser: string
  }
}

export default async function startBrowser(project: TestProject): Promise<() => Promise<void>> {
  const server = await launchBrowserServer()
  project.provide('browser', server.wsEndpoint())
  return () => server.close()
}
