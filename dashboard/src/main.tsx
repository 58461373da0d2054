import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/pages.css'
import './styles/class.css'
import './styles/pictures.css'
import './styles/matrix.css'
import './styles/replay.css'
import './styles/story.css'
import './styles/shell.css'
import './styles/print.css'

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}
