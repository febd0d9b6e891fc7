/** The page in one file, which carries its worker. */
import InlineWorker from '../worker/main.ts?worker&inline'
import { startSite } from './start-site.ts'

void startSite({ startWorker: () => new InlineWorker(), isOneFile: true })
