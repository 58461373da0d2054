import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { SERVER_EVENT_TYPES, type EventType } from './events.ts'
import { keepAtLevel, type CollectionLevel } from './levels.ts'

interface Example {
  readonly type: EventType
  readonly data: Readonly<Record<string, unknown>>
}

const LEVELS: readonly CollectionLevel[] = [0, 1, 2, 3, 4]
const [BEGIN, END] = ['<!-- from protocol/fixtures: begin -->\n', '<!-- end -->']

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const examples = (JSON.parse(read('../fixtures/events.valid.json')) as Example[]).filter(
  ({ type }) => !SERVER_EVENT_TYPES.has(type),
)

/** Of several examples of a type the one that says most. */
const fullest = (type: string): Example => {
  const of = examples.filter((example) => example.type === type)
  return of.reduce((best, one) => (Object.keys(one.data).length > Object.keys(best.data).length ? one : best))
}

const block = (value: unknown) => `\`\`\`json\n${JSON.stringify(value, undefined, 2)}\n\`\`\`\n`

/** What a level lets through of an event beyond the level below. */
function added({ type, data }: Example, level: CollectionLevel): string {
  const below = level === 0 ? {} : keepAtLevel(type, data, (level - 1) as CollectionLevel)
  const members = Object.entries(keepAtLevel(type, data, level)).filter(([name]) => !Object.hasOwn(below, name))
  return members.map(([name, value]) => `\`"${name}": ${JSON.stringify(value)}\``.replaceAll('|', '\\|')).join(' ')
}

/** The real JSON, level by level: one run whole, then what each level adds to every kind of event. */
function section(): string {
  const run = fullest('cell_executed')
  const whole = { ...run, data: keepAtLevel(run.type, run.data, 0) }
  const types = [...new Set(examples.map(({ type }) => type))]
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rows = types.map((type) => row([`\`${type}\``, ...LEVELS.map((level) => added(fullest(type), level))]))
  return [
    'A run of a cell at level 0, whole:\n',
    block(whole),
    'At level 4 its `data` is this; the levels between leave out what the table says:\n',
    block(keepAtLevel(run.type, run.data, 4)),
    'What each level adds to `data`, by kind of event:\n',
    row(['event', ...LEVELS.map((level) => (level === 0 ? 'level 0' : `+ level ${level}`))]),
    row(Array.from({ length: LEVELS.length + 1 }, () => '---')),
    ...rows,
    '',
  ].join('\n')
}

/** Without what the formatter changes: widths of tables and empty lines. */
const plain = (text: string) =>
  text
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').replace(/-{3,}/g, '---').trim())
    .filter((line) => line !== '')

it('LVL-1 shows students in docs/students.md the JSON that the levels let through', () => {
  const doc = read('../../docs/students.md')
  const shown = doc.slice(doc.indexOf(BEGIN) + BEGIN.length, doc.indexOf(END))
  expect(plain(shown), `Between the marks belongs:\n${section()}`).toEqual(plain(section()))
})
