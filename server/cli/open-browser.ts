/** Opens the presenter's page in this machine's browser, if a person can see it. */

export interface Desktop {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether a person reads the output at a terminal. */
  readonly isTerminal: boolean
}

/** False over ssh, in a container or a test, and if the person has refused (`BROWSER=none`). */
export function canShow({ platform, env, isTerminal }: Desktop): boolean {
  if (!isTerminal || env.BROWSER === 'none' || env.CI || env.SSH_CONNECTION) return false
  if (platform === 'darwin' || platform === 'win32') return true
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY || env.WSL_DISTRO_NAME)
}

/** The package starts the system's own opener without a shell. A failure is harmless: the address is printed. */
export async function openBrowser(address: string): Promise<void> {
  try {
    const { default: open } = await import('open')
    const opener = await open(address)
    opener.on('error', () => {})
    opener.unref()
  } catch {
    // See above.
  }
}
