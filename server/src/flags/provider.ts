import type { FlagdCore } from '@openfeature/flagd-core'
import { OpenFeatureEventEmitter, ServerProviderEvents, type Provider } from '@openfeature/server-sdk'

import { createCore } from './flag-file.ts'

/** An OpenFeature provider over the flags that are in force; `use` puts others in force. */
export interface FileProvider extends Provider {
  use(core: FlagdCore): void
}

/** Makes the provider; nothing is in force, and everybody gets the defaults of the code. */
export function createFileProvider(): FileProvider {
  let core = createCore()
  const events = new OpenFeatureEventEmitter()
  return {
    metadata: { name: 'lectern-file' },
    runsOn: 'server',
    events,
    use(next) {
      core = next
      events.emit(ServerProviderEvents.ConfigurationChanged)
    },
    resolveBooleanEvaluation: async (key, fallback, context) => core.resolveBooleanEvaluation(key, fallback, context),
    resolveStringEvaluation: async (key, fallback, context) => core.resolveStringEvaluation(key, fallback, context),
    resolveNumberEvaluation: async (key, fallback, context) => core.resolveNumberEvaluation(key, fallback, context),
    resolveObjectEvaluation: async (key, fallback, context) => core.resolveObjectEvaluation(key, fallback, context),
  }
}
