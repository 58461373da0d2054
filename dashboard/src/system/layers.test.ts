import { expect, it } from 'vitest'
import { directNeeds, layersOf } from './layers.ts'

const SERVICES = [
  { name: 'hub', needs: ['log', 'http', 'data'] },
  { name: 'data', needs: [] },
  { name: 'log', needs: ['data'] },
  { name: 'http', needs: ['log'] },
]

it('puts every service below all it needs', () => {
  expect(layersOf(SERVICES).map((layer) => layer.map(({ name }) => name))).toEqual([
    ['data'],
    ['log'],
    ['http'],
    ['hub'],
  ])
})

it('draws only what is not reached through another need', () => {
  expect(directNeeds(SERVICES, SERVICES[0]!)).toEqual(['http'])
  expect(directNeeds(SERVICES, SERVICES[2]!)).toEqual(['data'])
})
