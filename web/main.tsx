import '@fontsource-variable/inter/wght.css'
import '@fontsource/ibm-plex-mono/latin-400.css'
import '@fontsource/ibm-plex-mono/latin-500.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { enter, enterLater } from './classroom/enter.ts'
import { PageContext } from './page.ts'
import { Guard } from './panels/Guard.tsx'
import { startPage } from './start-page.ts'
import './styles/base.css'

// Before the page connects: with the cookie it is the presenter's.
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
