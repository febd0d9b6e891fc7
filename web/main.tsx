import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { PageContext, startPage } from './page.ts'
import './styles/base.css'

const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <StrictMode>
      <PageContext value={startPage()}>
        <App />
      </PageContext>
    </StrictMode>,
  )
