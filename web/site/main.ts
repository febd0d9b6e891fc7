import { startSite } from './start-site.ts'

void startSite(() => new Worker(new URL('../worker/main.ts', import.meta.url), { type: 'module' }))
