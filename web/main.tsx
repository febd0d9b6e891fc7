import '@fontsource-variable/inter/wght.css'
import '@fontsource/ibm-plex-mono/latin-400.css'
import '@fontsource/ibm-plex-mono/latin-500.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './shell/App.tsx'
import { startPage } from './shell/start-page.ts'
import { enter, enterLater } from './store/enter.ts'
import { Guard } from './ui/Guard.tsx'
import { PageContext } from './ui/page.ts'
import './styles/base.css'

// Must come before the page connects: the cookie makes it the presenter's.
const entry = await enter()
const page = startPage()
const refuseKey = () => page.classroom.setState({ keyRefused: true })
if (entry === 'refused') refuseKey()
enterLater(refuseKey)
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
