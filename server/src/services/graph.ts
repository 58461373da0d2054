/** A service did not start, or the declared graph can not be started at all. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  /** Name of the service at fault. */
  readonly service: string

  constructor(service: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.service = service
  }
}

/** A service as a node: its name, and the names of those it needs. */
export interface Node {
  readonly name: string
  readonly needs: readonly string[]
}

/**
 * The names so that each comes after all it needs.
 * Throws `ServiceError` that names the path to a missing name, a cycle, or a name given twice.
 */
export function startOrder(services: readonly Node[]): string[] {
  const byName = new Map(services.map((service) => [service.name, service]))
  if (byName.size < services.length) {
    const twice = services.find((service, index) => services.findIndex(({ name }) => name === service.name) < index)
    throw new ServiceError(twice?.name ?? '', `Two services have the name "${twice?.name}".`)
  }
  const order: string[] = []
  const done = new Set<string>()
  const visit = (name: string, path: readonly string[]): void => {
    if (done.has(name)) return
    const service = byName.get(name)
    const shown = [...path, name].join(' -> ')
    if (!service) throw new ServiceError(path.at(-1) ?? name, `No service has the name "${name}": ${shown}.`)
    if (path.includes(name)) {
      const cycle = [...path.slice(path.indexOf(name)), name].join(' -> ')
      throw new ServiceError(name, `Services need each other in a cycle: ${cycle}.`)
    }
    for (const need of service.needs) visit(need, [...path, name])
    done.add(name)
    order.push(name)
  }
  for (const { name } of services) visit(name, [])
  return order
}

/** A service and all that needs it, directly or through others, in the order of their start. */
export function withDependants(services: readonly Node[], name: string): string[] {
  const found = new Set([name])
  // In the order of the start every service comes after what it needs: one pass finds them all.
  const byName = new Map(services.map((service) => [service.name, service]))
  for (const other of startOrder(services)) {
    if (byName.get(other)?.needs.some((need) => found.has(need))) found.add(other)
  }
  return startOrder(services).filter((other) => found.has(other))
}
