import '@fontsource-variable/inter/wght.css'
import '@fontsource/ibm-plex-mono/latin-400.css'
import '@fontsource/ibm-plex-mono/latin-500.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './shell/App.tsx'
import { Guard } from './ui/Guard.tsx'
import { type Page, PageContext } from './ui/page.ts'
import './styles/base.css'

export function showPage(page: Page) {
  const root = document.getElementById('root')
  if (root)
    createRoot(root).render(
      <StrictMode>
        <PageContext value={page}>
          <Guard view="The page" isAll>
            <App />
          </Guard>
        </PageContext>
      </StrictMode>,
    )
}
