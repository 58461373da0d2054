import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const SERVER = 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist',
    target: 'baseline-widely-available',
    // A data: address for small files would need a wider security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Schemas are for the server; a page that uses none of them carries none.
    rolldownOptions: { treeshake: { manualPureFunctions: ['Type'] } },
  },
  server: {
    proxy: { '/api': { target: SERVER, ws: true }, '/extension': SERVER },
  },
})
