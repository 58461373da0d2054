import { describe, expect, it } from 'vitest'
import { tileAfterKey, wallLines } from './wall-layout.ts'

const SPACE = { needing: 0, width: 1000, rem: 16 }
const shapesOf = (count: number, needing = 0) => [
  ...new Set(wallLines({ ...SPACE, count, needing }).map(({ shape }) => shape)),
]

describe('the lines of the wall', () => {
  it('show less of each the more there are, but always the reason of who needs somebody', () => {
    expect(shapesOf(20, 3)).toEqual(['large'])
    expect(shapesOf(80, 3)).toEqual(['small'])
    expect(shapesOf(200, 3)).toEqual(['small', 'chip'])
    expect(shapesOf(1000)).toEqual(['dot'])
    const lines = wallLines({ ...SPACE, count: 1000, needing: 7 })
    expect(lines.filter(({ shape }) => shape === 'small').at(-1)?.to).toBe(7)
    expect(lines.find(({ shape }) => shape === 'dot')?.from).toBe(7)
  })

  it.each([
    [20, 320],
    [200, 1280],
    [1000, 2000],
    [1000, 100],
  ])('hold each of %i students once, within %i pixels, none above another', (count, width) => {
    const lines = wallLines({ count, needing: Math.floor(count / 9), width, rem: 16 })
    let at = 0
    let bottom = 0
    for (const line of lines) {
      expect(line.from).toBe(at)
      expect(line.top).toBeGreaterThanOrEqual(bottom)
      expect(line.columns * (line.tile + line.gap) - line.gap).toBeLessThanOrEqual(width + 0.01)
      at = line.to
      bottom = line.top + line.height
    }
    expect(at).toBe(count)
  })

  it('has none for nobody', () => {
    expect(wallLines({ ...SPACE, count: 0 })).toEqual([])
    expect(tileAfterKey([], 0, 'End')).toBeUndefined()
  })
})

describe('keys on the wall', () => {
  const lines = wallLines({ ...SPACE, count: 400, needing: 7 })
  const columns = lines[0]!.columns
  const of = (at: number, key: string) => tileAfterKey(lines, at, key)

  it('lead along a line, to its neighbours, and to both ends', () => {
    expect([of(0, 'ArrowRight'), of(0, 'ArrowLeft'), of(399, 'ArrowRight')]).toEqual([1, 0, 399])
    expect(of(1, 'ArrowDown')).toBe(1 + columns)
    expect(of(1 + columns, 'ArrowUp')).toBe(1)
    expect([of(5, 'Home'), of(5, 'End'), of(5, 'x'), of(5, 'toString')]).toEqual([0, 399, undefined, undefined])
  })

  it('lead from the tiles to the dots below them and back', () => {
    const lastTile = 6
    const below = of(lastTile, 'ArrowDown')!
    expect(below).toBeGreaterThan(lastTile)
    expect(of(below, 'ArrowUp')).toBeLessThanOrEqual(lastTile)
  })
})
