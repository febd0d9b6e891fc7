/** Runs the lab in a worker of the page. Each connection has a message port of its own. */
import type { Experiment } from '../../shared/wire/experiment.ts'
import type { Behind } from '../store/behind.ts'
import type { FromWorker, ToWorker } from '../worker/messages.ts'
import { experimentPart } from './experiment-address.ts'

const NO_WORKER = 'this browser did not start the simulation; reload the page, or open it in another browser'

/** `to` is where the clock stops first, in ms of the lab. */
export function workerLab(worker: Worker, experiment: Experiment, to: number): Behind {
  const tell = (message: ToWorker, ports: Transferable[] = []) => worker.postMessage(message, ports)
  let failure: string | undefined
  let part = ''
  let onStopped = () => {}
  const failed = new Set<() => void>()
  worker.onerror = () => {
    failure = NO_WORKER
    for (const close of failed) close()
  }
  const keep = (next: Experiment) =>
    void experimentPart(next).then((text) => {
      part = text
    })
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    if (data.type === 'stopped') onStopped()
    else keep(data.experiment)
  }
  keep(experiment)
  tell({ type: 'begin', experiment, to })
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
    experiment: () => part,
  }
}
