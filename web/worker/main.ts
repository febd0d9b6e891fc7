/** The worker of a page without a server: it runs the whole lab with simulated nodes. */

import type { FromWorker, ToWorker } from './messages.ts'
import { Simulation } from './simulation.ts'

const people = {
  now: () => performance.now(),
  wallClock: () => Date.now(),
  after: (ms: number, call: () => void) => timer(setTimeout(call, ms)),
  every: (ms: number, call: () => void) => timer(setInterval(call, ms)),
  cancel: (timer: object | undefined) => clearInterval(timer === undefined ? undefined : Number(timer)),
}

/** Timers of a worker are numbers, and those of the lab are objects. */
const timer = (id: number | object): object => Object(Number(id))

const tell = (message: FromWorker) => postMessage(message)
let simulation: Simulation | undefined

addEventListener('message', ({ data, ports }: MessageEvent<ToWorker>) => {
  switch (data.type) {
    case 'begin':
      simulation = new Simulation({ ...data, people, tell, onFault: (error) => console.error(error) })
      break
    case 'connect':
      void connect(ports[0])
      break
    case 'pace':
      simulation?.pace(data.rate)
      break
    case 'step':
      simulation?.step()
      break
  }
})

async function connect(port: MessagePort | undefined) {
  const running = simulation
  if (!port || !running) return
  await running.ready
  const session = running.open({
    send: (text) => port.postMessage(text),
    close: () => port.postMessage(null),
  })
  port.onmessage = ({ data }) => (data === null ? session?.end() : session?.hear(String(data)))
}
