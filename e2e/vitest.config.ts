import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    name: 'e2e',
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Each file starts a server, a JupyterLab and a browser of its own; more at once would only wait for each other.
    maxWorkers: 2,
  },
})
