/** Shows the presenter's page in this machine's browser, where there is somebody to see it. */

export interface Desktop {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  /** The output is read by a person at a terminal. */
  readonly isTerminal: boolean
}

/** Not over ssh, not in a container or a test, and not where the person has said no (`BROWSER=none`). */
export function canShow({ platform, env, isTerminal }: Desktop): boolean {
  if (!isTerminal || env.BROWSER === 'none' || env.CI || env.SSH_CONNECTION) return false
  if (platform === 'darwin' || platform === 'win32') return true
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY || env.WSL_DISTRO_NAME)
}

/** The package starts the system's own opener without a shell. What goes wrong is no harm: the address is printed. */
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
