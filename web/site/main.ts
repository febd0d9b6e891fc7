import { startSite } from './start-site.ts'

void startSite({
  startWorker: () => new Worker(new URL('../worker/main.ts', import.meta.url), { type: 'module' }),
  isOneFile: false,
})

// Without it, for example in a private window, the page needs its server.
navigator.serviceWorker?.register('./offline.js').catch(() => {})
