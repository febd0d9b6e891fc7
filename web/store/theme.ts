/**
 * Light or dark: the system's choice until the person makes another one, which this browser remembers. The contrast is
 * always the system's choice.
 */
import { createStore, type StoreApi } from 'zustand/vanilla'
import { remember, remembered } from './storage.ts'

export type Theme = 'light' | 'dark'

export interface ThemeStore extends StoreApi<Theme> {
  toggle(): void
}

const KEY = 'theme'

export const MORE_CONTRAST = '(prefers-contrast: more)'
export const FORCED_COLOURS = '(forced-colors: active)'

export function createTheme(): ThemeStore {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const system = (): Theme => (dark.matches ? 'dark' : 'light')
  const store = createStore<Theme>(() => chosen() ?? system())
  const show = (theme: Theme) => {
    document.documentElement.dataset.theme = theme
  }
  show(store.getState())
  const contrast = matchMedia(MORE_CONTRAST)
  const showContrast = () => {
    document.documentElement.dataset.contrast = contrast.matches ? 'more' : 'usual'
  }
  showContrast()
  contrast.addEventListener('change', showContrast)
  store.subscribe(show)
  dark.addEventListener('change', () => {
    if (!chosen()) store.setState(system(), true)
  })
  return {
    ...store,
    toggle() {
      const next: Theme = store.getState() === 'dark' ? 'light' : 'dark'
      remember(KEY, next === system() ? null : next)
      store.setState(next, true)
    },
  }
}

function chosen(): Theme | null {
  const theme = remembered(KEY)
  return theme === 'light' || theme === 'dark' ? theme : null
}
