/** Copies text, if the browser lets the page do that. */

export const NO_CLIPBOARD = 'This browser gives the page no clipboard.'

/**
 * Resolves with whether the text is in the clipboard. Browsers have none for an insecure page, as in a class, and may
 * refuse because of a setting, or without focus. Never rejects.
 */
export async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
