// The specification's rules and the tests that carry their ids.

const RULE = /\*\*([A-Z]{2,6}-\d+)\*\*/g
/** A first argument that begins with ids: `it('ING-3 …'`, and `it.each(table)('ING-3 …'` over several lines. */
const TITLE = /\(\s*(['"`])((?:[A-Z]{2,6}-\d+[,/ ]*)+)/g
const ID = /[A-Z]{2,6}-\d+/g
/** Words that look like a rule id and are none. */
const NOT_A_RULE = /^(UTF|ISO|SHA|RFC|ECMA|HTTP)-/

/**
 * The rule ids that a specification defines, in its order.
 * @param {string} markdown
 */
export function rulesOf(markdown) {
  return [...new Set([...markdown.matchAll(RULE)].map((match) => match[1] ?? ''))]
}

/**
 * The rule ids that the test titles of a source text begin with.
 * @param {string} source
 */
export function rulesNamedIn(source) {
  const ids = [...source.matchAll(TITLE)].flatMap((match) => match[2]?.match(ID) ?? [])
  return [...new Set(ids.filter((id) => !NOT_A_RULE.test(id)))]
}

/**
 * What is wrong between a specification and its tests, one sentence each; empty when every rule has a test and every named rule exists.
 * @param {string} markdown
 * @param {ReadonlyMap<string, string>} tests source text by file name
 */
export function specFaults(markdown, tests) {
  const rules = new Set(rulesOf(markdown))
  const named = new Map([...tests].map(([file, source]) => [file, rulesNamedIn(source)]))
  const covered = new Set([...named.values()].flat())
  const untested = [...rules]
    .filter((rule) => !covered.has(rule))
    .map((rule) => `${rule} has no test that carries its id`)
  const unknown = [...named].flatMap(([file, ids]) =>
    ids.filter((id) => !rules.has(id)).map((id) => `${file} names ${id}, which the specification does not have`),
  )
  return [...untested, ...unknown]
}
