import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What a page, or the part of it that a selector names, does against WCAG 2.2 AA, as axe finds it: rule and place of each. */
export async function accessFaults(page: Page, within?: string): Promise<string[]> {
  await page.evaluate(SOURCE)
  return page.evaluate(async (part) => {
    const { axe } = globalThis as unknown as {
      axe: {
        run: (
          context: Document | string,
          options: object,
        ) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>
      }
    }
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
    const { violations } = await axe.run(part ?? document, { runOnly: { type: 'tag', values: tags } })
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`))
  }, within)
}
