import type { SystemPulse } from '@lectern/protocol'

/** A part of the system page. */
export type PagePart = SystemPulse['changed'][number]

/** Finds which parts differ from the last time: each gives anything that is different when its answer is. */
export function createChanged(): (versions: Partial<Record<PagePart, () => unknown>>) => PagePart[] {
  const last = new Map<PagePart, string>()
  return (versions) => {
    const changed: PagePart[] = []
    for (const [part, version] of Object.entries(versions) as [PagePart, () => unknown][]) {
      const now = JSON.stringify(version()) ?? ''
      const before = last.get(part)
      last.set(part, now)
      if (before !== undefined && before !== now) changed.push(part)
    }
    return changed
  }
}
