// OWASP ASVS 5.0.0 against docs/asvs.md: which requirements there are, and what the document says of each.
import levels from './asvs-levels.json' with { type: 'json' }

/** The highest level that is asked for. */
const LEVEL = 2
const ENTRY = /^- \*\*(\d+\.\d+\.\d+)\*\* (.+?) — ([a-z ]+): (.+)$/
/** What an entry may say of its requirement. */
const VERDICTS = new Set(['test', 'document', 'by design', 'elsewhere', 'does not apply', 'not met'])
/** A file, and the title of a test or the heading of a part of a document in it. */
const WITNESS = /`([^`]+)` "(.+?)"(?=; `|$)/g
/** Shorter than this a reason says nothing. */
const REASON_CHARS = 20

/** The beginning of a test; what follows it is read as one statement. */
const TEST = /^[ \t]*it(?:\.\w+)*\(/m
const NOT_RUN = /^[ \t]*it\.(?:skip|todo)\(/
const TITLE = /\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1,\s*(?:async\b|\(|\{)/

/**
 * The requirements up to level 2, in the order of the standard, by number without the `V`.
 * @returns {Map<string, number>} level by number
 */
export function requirements() {
  const all = Object.entries(levels).flatMap(([section, digits]) =>
    Array.from(digits, (level, at) => /** @type {const} */ ([`${section}.${at + 1}`, Number(level)])),
  )
  return new Map(all.filter(([, level]) => level <= LEVEL))
}

/**
 * Titles of the tests of a source text that are run.
 * @param {string} source
 */
export function testTitles(source) {
  const statements = source.split(new RegExp(`(?=${TEST.source})`, 'm')).filter((part) => TEST.test(part))
  return statements.flatMap((part) => {
    const title = NOT_RUN.test(part) ? undefined : TITLE.exec(part)?.[2]
    return title === undefined ? [] : [title.replaceAll(/\\(.)/g, '$1')]
  })
}

/**
 * Headings of a document.
 * @param {string} markdown
 */
const headings = (markdown) => [...markdown.matchAll(/^#+ (.+)$/gm)].map((match) => match[1]?.trim() ?? '')

/**
 * What is wrong with what an entry points to.
 * @param {string} verdict
 * @param {string} text
 * @param {(file: string) => string | undefined} read
 */
function witnessFaults(verdict, text, read) {
  const found = [...text.matchAll(WITNESS)]
  if (found.length === 0) return [`names no ${verdict}`]
  return found.flatMap(([, file = '', title = '']) => {
    const source = read(file)
    if (source === undefined) return [`names ${file}, which is not there`]
    const there = verdict === 'test' ? testTitles(source) : headings(source)
    return there.includes(title) ? [] : [`names "${title}", which ${file} does not have`]
  })
}

/**
 * What is wrong with the document, one sentence each: every requirement stands in it once, with tests that are there or a reason.
 * @param {string} markdown
 * @param {(file: string) => string | undefined} read text of a file of the tree; undefined when there is none
 */
export function asvsFaults(markdown, read) {
  const wanted = requirements()
  /** @type {Set<string>} */
  const seen = new Set()
  /** @type {string[]} */
  const faults = []
  for (const line of markdown.split('\n').filter((one) => one.startsWith('- **'))) {
    const [, id = '', , verdict = '', text = ''] = ENTRY.exec(line) ?? []
    const say = (/** @type {string} */ fault) => void faults.push(`${id || line} ${fault}`)
    if (id === '') say('is no entry of the form that the document describes')
    else if (!wanted.has(id)) say('is no requirement of level 1 or 2')
    else if (seen.has(id)) say('stands there twice')
    else if (!VERDICTS.has(verdict)) say(`says "${verdict}", which is no verdict`)
    else if (verdict === 'test' || verdict === 'document') witnessFaults(verdict, text, read).forEach(say)
    else if (text.length < REASON_CHARS) say('gives no reason')
    seen.add(id)
  }
  const missing = [...wanted.keys()].filter((id) => !seen.has(id)).map((id) => `${id} is missing`)
  return [...faults, ...missing]
}

/**
 * How many entries say what.
 * @param {string} markdown
 */
export function asvsCounts(markdown) {
  const said = markdown.split('\n').flatMap((line) => ENTRY.exec(line)?.[3] ?? [])
  return Object.fromEntries([...VERDICTS].map((one) => [one, said.filter((verdict) => verdict === one).length]))
}
