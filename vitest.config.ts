import { defineConfig } from 'vitest/config'

const project = (name: string, include: readonly string[], environment = 'node') => ({
  // A project of its own does not take the settings of the root.
  test: { name, root: name, include: [...include], environment, testTimeout: 20_000, hookTimeout: 30_000 },
})

export default defineConfig({
  test: {
    // Most of their time tests wait for a disk or a clock: also where there are but two cores, two go on at once.
    maxWorkers: '100%',
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
