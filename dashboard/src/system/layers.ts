/** A service as a node of the picture. */
interface Node {
  readonly name: string
  readonly needs: readonly string[]
}

/** What a service needs and does not get through another of its needs: enough to see the order. */
export function directNeeds(services: readonly Node[], { needs }: Node): string[] {
  const byName = new Map(services.map((service) => [service.name, service]))
  const reaches = (from: string, to: string): boolean =>
    byName.get(from)?.needs.some((need) => need === to || reaches(need, to)) ?? false
  return needs.filter((need) => !needs.some((other) => other !== need && reaches(other, need)))
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
