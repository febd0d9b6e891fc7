/**
 * Sets flags of V8 while the process runs. They are those of Node 20; newer versions have an intermediate compiler, and
 * need none.
 */
export function setV8Flags(...flags: readonly `--${string}`[]) {
  if (Number.parseInt(process.versions.node, 10) >= 22) return
  const { setFlagsFromString } = process.getBuiltinModule('node:v8')
  for (const flag of flags) setFlagsFromString(flag)
}
