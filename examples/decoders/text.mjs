// rumor:<port>:{<text>,<origin>,<number>} and status:<port>:{<origin>:<next>,...}, the report's text.
export default (bytes) => {
  const datagram = new TextDecoder().decode(bytes)
  const rumor = /^rumor:(\d+):\{(.*),(\d+),(\d+)\}$/s.exec(datagram)
  if (rumor) return { kind: 'rumor', sender: +rumor[1], text: rumor[2], origin: +rumor[3], seq: +rumor[4] }
  const status = /^status:(\d+):\{(.*)\}$/.exec(datagram)
  if (!status) return null
  const pairs = status[2].split(',').filter(Boolean)
  return { kind: 'status', sender: +status[1], pairs: pairs.map((pair) => pair.split(':').map(Number)) }
}
