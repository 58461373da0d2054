/** A service as a node of the picture. */
interface Node {
  readonly name: string
  readonly needs: readonly string[]
}

/** Services in layers: each stands below all it needs, as high as it can. */
export function layersOf<T extends Node>(services: readonly T[]): T[][] {
  const byName = new Map(services.map((service) => [service.name, service]))
  const depths = new Map<string, number>()
  const depthOf = (name: string): number => {
    const known = depths.get(name)
    if (known !== undefined) return known
    depths.set(name, 0)
    const needs = byName.get(name)?.needs ?? []
    const depth = needs.length === 0 ? 0 : 1 + Math.max(...needs.map(depthOf))
    depths.set(name, depth)
    return depth
  }
  const layers: T[][] = []
  for (const service of services) (layers[depthOf(service.name)] ??= []).push(service)
  return layers
}
