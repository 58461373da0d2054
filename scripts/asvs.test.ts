import { describe, expect, it } from 'vitest'
import { asvsCounts, asvsFaults, requirements, testTitles } from './lib/asvs.mjs'

const FILES = new Map([
  [
    'a.test.ts',
    "it('AUT-1 holds', async () => {})\nit('says \"no\" to it', () => {})\nit.skip('is not run', () => {})\n// it('is gone', () => {})\n",
  ],
  ['docs/security.md', '# Security\n\n## Keys\n\ntext\n'],
])
const read = (file: string) => FILES.get(file)

/** The document with every requirement, `planted` in the place of 1.1.1. */
function documentWith(planted: string): string {
  const rest = [...requirements().keys()].slice(1)
  return [planted, ...rest.map((id) => `- **${id}** Topic — does not apply: there is nothing of the kind here.`)].join(
    '\n',
  )
}

const PLANTED = [
  ['- **1.1.1** Topic — test: `a.test.ts` "AUT-1 holds"', []],
  ['- **1.1.1** Topic — test: `a.test.ts` "says "no" to it"; `a.test.ts` "AUT-1 holds"', []],
  ['- **1.1.1** Topic — test: `a.test.ts` "AUT-1 holds"; `a.test.ts` "AUT-2 does"', ['names "AUT-2 does"']],
  ['- **1.1.1** Topic — test: `a.test.ts` "is not run"', ['names "is not run"']],
  ['- **1.1.1** Topic — test: `a.test.ts` "is gone"', ['names "is gone"']],
  ['- **1.1.1** Topic — test: `a.test.ts` "AUT-1"', ['names "AUT-1"']],
  ['- **1.1.1** Topic — test: `b.test.ts` "AUT-1 holds"', ['names b.test.ts, which is not there']],
  ['- **1.1.1** Topic — test: all of them', ['names no test']],
  ['- **1.1.1** Topic — document: `docs/security.md` "Keys"', []],
  ['- **1.1.1** Topic — document: `docs/security.md` "text"', ['names "text"']],
  ['- **1.1.1** Topic — not met: no', ['gives no reason']],
  ['- **1.1.1** Topic — met: somehow, surely, in some place', ['says "met", which is no verdict']],
  ['- **1.1.1** Topic', ['is no entry', '1.1.1 is missing']],
  ['', ['1.1.1 is missing']],
  ['- **1.2.10** Topic — not met: it is of level 3', ['1.2.10 is no requirement of level 1 or 2', '1.1.1 is missing']],
  [
    '- **1.1.1** A — not met: for a reason that is told\n- **1.1.1** B — not met: for a reason that is told',
    ['1.1.1 stands there twice'],
  ],
] as const

describe('the check of ASVS', () => {
  it('knows the 70 requirements of level 1 and the 183 of level 2', () => {
    const levels = [...requirements().values()]
    expect([1, 2, 3].map((level) => levels.filter((one) => one === level).length)).toEqual([70, 183, 0])
  })

  it.each(PLANTED)('says of "%s" what is wrong with it', (planted, wanted) => {
    const faults = asvsFaults(documentWith(planted), read)
    expect(faults).toHaveLength(wanted.length)
    wanted.forEach((part, at) => expect(faults[at]).toContain(part))
  })

  it('reads the titles of tests that are run, also of tables', () => {
    const source =
      "it.each([\n  ['a', (x) => x],\n])('takes %s', (one) => {})\nit.skipIf(no)(\n  'runs here', async () => {})\n"
    expect(testTitles(source)).toEqual(['takes %s', 'runs here'])
  })

  it('counts what is said', () => {
    expect(asvsCounts(documentWith('- **1.1.1** Topic — not met: no'))).toMatchObject({
      'not met': 1,
      'does not apply': 252,
      test: 0,
    })
  })
})
