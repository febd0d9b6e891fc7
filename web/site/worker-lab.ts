/** Runs the lab in a worker of the page. Each connection has a message port of its own. */
import type { Experiment } from '../../shared/wire/experiment.ts'
import type { Behind } from '../store/behind.ts'
import type { Beginning, FromWorker, ToWorker } from '../worker/messages.ts'
import { experimentPart } from './experiment-address.ts'

const NO_WORKER = 'this browser did not start the simulation; reload the page, or open it in another browser'

/** `place` is the part of the address that names where it goes on; missing if the experiment does. */
export function workerLab(worker: Worker, beginning: Beginning, place?: string): Behind {
  const tell = (message: ToWorker, ports: Transferable[] = []) => worker.postMessage(message, ports)
  let failure: string | undefined
  let part = place ?? ''
  let onStopped = () => {}
  const failed = new Set<() => void>()
  worker.onerror = () => {
    failure = NO_WORKER
    for (const close of failed) close()
  }
  const keep = (next: Experiment) => {
    if (place === undefined)
      void experimentPart(next).then((text) => {
        part = text
      })
  }
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    if (data.type === 'stopped') onStopped()
    else keep(data.experiment)
  }
  keep(beginning.experiment)
  tell({ type: 'begin', ...beginning })
  return {
    transport: {
      open({ opened, said, closed }) {
        const { port1: page, port2: lab } = new MessageChannel()
        const close = () => {
          failed.delete(close)
          page.close()
          closed()
        }
        failed.add(close)
        page.onmessage = ({ data }) => (data === null ? close() : said(data))
        if (failure === undefined) tell({ type: 'connect' }, [lab])
        queueMicrotask(failure === undefined ? opened : close)
        return {
          send: (text) => page.postMessage(text),
          close() {
            page.postMessage(null)
            close()
          },
        }
      },
      whyShut: async () => failure,
    },
    clock: {
      pace: (rate) => tell({ type: 'pace', rate }),
      step: () => tell({ type: 'step' }),
      onStopped(listener) {
        onStopped = listener
      },
    },
    embedded: null,
    goOn: null,
    experiment: () => part,
  }
}
