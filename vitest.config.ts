import { defineConfig } from 'vitest/config'

const project = (name: string, include: readonly string[], environment = 'node') => ({
  test: { name, root: name, include: [...include], environment },
})

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 30_000,
    projects: [
      project('protocol', ['**/*.test.ts']),
      project('server', ['src/**/*.test.ts', 'test/**/*.test.ts']),
      project('dashboard', ['src/**/*.test.{ts,tsx}']),
      project('simulator', ['src/**/*.test.ts', 'test/**/*.test.ts']),
      project('bench', ['**/*.test.ts']),
      project('extension', ['src/**/*.test.{ts,tsx}']),
      project('scripts', ['**/*.test.ts']),
    ],
  },
})
