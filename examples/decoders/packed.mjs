// struct __attribute__((packed)) { uint8_t origin; uint16_t number; char text[200]; }, little endian.
export default (bytes) => {
  if (bytes.length !== 203) return null
  const view = new DataView(bytes.buffer)
  const [text] = new TextDecoder().decode(bytes.subarray(3)).split('\0')
  return { kind: 'rumor', origin: view.getUint8(0), seq: view.getUint16(1, true), text }
}
