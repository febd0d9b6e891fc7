// {"type":"gossip","from":0,"origin":0,"number":1,"text":"hello"} and {"type":"have","from":0,"next":{"0":2}}.
// This program numbers its messages from 1, and the lab from 0.
export default (bytes) => {
  const { type, from, origin, number, text, next } = JSON.parse(new TextDecoder().decode(bytes))
  if (type === 'gossip') return { kind: 'rumor', sender: from, origin, seq: number - 1, text }
  if (type !== 'have') return null
  return { kind: 'status', sender: from, pairs: Object.entries(next).map(([id, low]) => [Number(id), low - 1]) }
}
