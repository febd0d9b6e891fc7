import { startSite } from './start-site.ts'

void startSite(() => new Worker(new URL('../worker/main.ts', import.meta.url), { type: 'module' }))

// Without it, for example in a private window, the page needs its server.
navigator.serviceWorker?.register('./offline.js').catch(() => {})
