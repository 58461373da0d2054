import { describe } from 'vitest'
import { describeBus } from './bus.contract.ts'
import { createMemoryBus } from './memory.ts'

describe('memory bus', () => {
  describeBus(async () => ({ bus: createMemoryBus(), flush: async () => {} }))
})
