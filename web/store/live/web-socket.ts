/** A WebSocket to the server that the page came from. */
import type { Transport } from './connection.ts'

export const webSocket: Transport = {
  open({ opened, said, closed }) {
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/ws`)
    socket.onopen = opened
    socket.onmessage = ({ data }) => said(data)
    socket.onclose = closed
    return socket
  },
  /** The server answers any refused request with a sentence. This request has an Origin, as that of a WebSocket has. */
  async whyShut() {
    try {
      const response = await fetch('/api/ws', { method: 'POST' })
      return response.status === 403 ? (await response.json()).error : undefined
    } catch {
      return undefined
    }
  },
}
