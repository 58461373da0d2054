import { describe, expect, it } from 'vitest'
import { loadConfig, type ConfigError } from '../config.ts'

const load = (env: Record<string, string>) => loadConfig({ env, cwd: '/nowhere' })
const faults = (env: Record<string, string>): readonly string[] => {
  try {
    load(env)
    return []
  } catch (error) {
    return (error as ConfigError).faults
  }
}

describe('settings of monitoring', () => {
  it('have the limits of the documentation by default', () => {
    expect(load({}).config.monitor).toEqual({
      cpuPercent: 80,
      memoryBytes: 4 * 2 ** 30,
      disk: { share: 0.05, bytes: 2 ** 30 },
      foldLag: 20_000,
      queueBytes: 16 * 2 ** 20,
      loopMs: 250,
      deadJobs: 1,
      silenceMinutes: 10,
      everySeconds: 2,
      holdSeconds: 10,
      webhook: undefined,
      webhookSecret: undefined,
      tracesEndpoint: undefined,
      tracesRatio: 0.1,
    })
  })

  it('read sizes, shares and addresses', () => {
    const { config, warnings } = load({
      LECTERN_MEMORY_LIMIT: '1.5 gb',
      LECTERN_DISK_FREE_LIMIT: '512MB',
      LECTERN_ALERT_WEBHOOK: 'https://chat.example.org/hooks/x?y=1',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318/',
    })
    expect(warnings).toEqual([])
    expect(config.monitor).toMatchObject({
      memoryBytes: 1.5 * 2 ** 30,
      disk: { share: 0, bytes: 512 * 2 ** 20 },
      webhook: 'https://chat.example.org/hooks/x?y=1',
      tracesEndpoint: 'http://127.0.0.1:4318',
    })
    expect(load({ LECTERN_DISK_FREE_LIMIT: '10%' }).config.monitor.disk).toEqual({ share: 0.1, bytes: 0 })
  })

  it('refuse what can not be meant, and never repeat the secret', () => {
    for (const [key, value] of [
      ['LECTERN_CPU_LIMIT', '0'],
      ['LECTERN_CPU_LIMIT', '101'],
      ['LECTERN_MEMORY_LIMIT', '4'],
      ['LECTERN_MEMORY_LIMIT', '-1GB'],
      ['LECTERN_DISK_FREE_LIMIT', '5%,'],
      ['LECTERN_DISK_FREE_LIMIT', '500%'],
      ['LECTERN_SILENCE_MINUTES', '1e3'],
      ['LECTERN_ALERT_WEBHOOK', 'ftp://x'],
      ['LECTERN_ALERT_WEBHOOK', 'https://user:pass@x'],
      ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
      ['LECTERN_TRACE_RATIO', '2'],
    ] as const) {
      expect(faults({ [key]: value }), `${key}=${value}`).toHaveLength(1)
    }
    const [fault] = faults({ LECTERN_ALERT_WEBHOOK_SECRET: 'tell-no-one' })
    expect(fault).toContain('11 characters')
    expect(fault).not.toContain('tell-no-one')
  })
})
