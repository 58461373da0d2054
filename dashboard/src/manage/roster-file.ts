import { LIMITS, type NewStudents, type RosterEntry } from '@lectern/protocol'

/** Columns of a roster that are understood. */
export const ROSTER_COLUMNS = ['name', 'email', 'team'] as const
export type RosterColumn = (typeof ROSTER_COLUMNS)[number]

/** Names that spreadsheets give the columns, in lower case and without spaces. */
const HEADS: Readonly<Record<RosterColumn, readonly string[]>> = {
  name: ['name', 'fullname', 'student', 'studentname', '名前', '氏名', '学生', '学生氏名'],
  email: [
    'email',
    'e-mail',
    'mail',
    'address',
    'e-mailaddress',
    'emailaddress',
    'アドレス',
    'メール',
    'メールアドレス',
  ],
  team: ['team', 'group', 'row', 'チーム', 'グループ', '班'],
}
const ADDRESS = /^[^\s@]+@[^\s@]+$/
/** The apostrophe that keeps a spreadsheet from calculating a text. */
const KEPT_FROM_CALCULATING = /^'(?=[=+\-@\s\p{Cf}|%\uFF0B\uFF0D\uFF1D\uFF20\u2212])/u

type Student = NewStudents['students'][number]

/** What will be done with one line, or why it is left out. `line`: from 1, as an editor counts. */
export type RosterLine = { readonly line: number; readonly student: Partial<Student> } & (
  | { readonly is: 'add' | 'update' | 'same' | 'sameName' }
  | { readonly is: 'noName' | 'badEmail' | 'tooLong' }
  | { readonly is: 'twice'; readonly first: number }
)

/** A roster as it was read. `ignored`: heads of columns that say nothing here. */
export interface RosterFile {
  readonly columns: readonly RosterColumn[]
  readonly ignored: readonly string[]
  readonly lines: readonly RosterLine[]
}

/** The sign between cells: the one that stands most often in the first line, outside quotes. */
function separatorOf(text: string): string {
  const [first = ''] = text
    .replaceAll(/"[^"]*"/g, '')
    .trimStart()
    .split(/\r?\n/)
  const count = (sign: string) => first.split(sign).length
  return [',', '\t', ';', '，', '、'].reduce((best, sign) => (count(sign) > count(best) ? sign : best), ',')
}

/** Reads CSV (RFC 4180, with any of the usual separators): the cells of each line, with the line in which each begins. */
export function readCsv(text: string): { line: number; cells: string[] }[] {
  const separator = separatorOf(text)
  const rows: { line: number; cells: string[] }[] = []
  let [row, cell, line, quoted] = [{ line: 1, cells: [] as string[] }, '', 1, false]
  const endCell = () => {
    row.cells.push(cell.trim())
    cell = ''
  }
  const endRow = () => {
    endCell()
    if (row.cells.some(Boolean)) rows.push(row)
    row = { line, cells: [] }
  }
  const source = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  for (let at = 0; at < source.length; at += 1) {
    const sign = source[at] ?? ''
    if (sign === '\n') line += 1
    if (quoted && sign === '"' && source[at + 1] === '"') {
      cell += sign
      at += 1
    } else if (sign === '"' && (quoted || cell.trim() === '')) quoted = !quoted
    else if (!quoted && sign === separator) endCell()
    else if (!quoted && (sign === '\n' || sign === '\r')) endRow()
    else cell += sign
  }
  endRow()
  return rows
}

/** Which column stands where, by the names in the first line; undefined when it names none. */
function headsIn(cells: readonly string[]): (RosterColumn | undefined)[] | undefined {
  const found = cells.map((cell) => {
    const head = cell.toLowerCase().normalize('NFKC').replaceAll(/\s/g, '')
    return ROSTER_COLUMNS.find((column) => HEADS[column].includes(head))
  })
  return found.includes('name') ? found : undefined
}

function studentIn(cells: readonly string[], heads: readonly (RosterColumn | undefined)[]): Partial<Student> {
  const said: Partial<Student> = {}
  for (const [index, column] of heads.entries()) {
    const text = (cells[index] ?? '').replace(KEPT_FROM_CALCULATING, '')
    if (column !== undefined && text !== '') said[column] = text
  }
  return said
}

const addressOf = (email: string | undefined) => email?.toLowerCase()

/** What to do with a student who is known by the address. */
function known(student: Partial<Student>, entry: RosterEntry): 'update' | 'same' {
  const isSame = student.name === entry.name && (student.team ?? entry.team) === entry.team
  return isSame ? 'same' : 'update'
}

/** Reads a roster and says line by line what would come of it. Nothing is done. */
export function readRoster(text: string, roster: readonly RosterEntry[]): RosterFile {
  const rows = readCsv(text)
  const named = headsIn(rows[0]?.cells ?? [])
  const heads = named ?? ROSTER_COLUMNS
  const byAddress = new Map(
    roster.flatMap((entry) => (entry.email === undefined ? [] : [[entry.email, entry] as const])),
  )
  const names = new Set(roster.map(({ name }) => name))
  const seen = new Map<string, number>()

  function judge(line: number, student: Partial<Student>): RosterLine {
    const { name, email, team } = student
    if (name === undefined) return { line, student, is: 'noName' }
    if (name.length > LIMITS.nameChars || (team?.length ?? 0) > LIMITS.nameChars)
      return { line, student, is: 'tooLong' }
    if (email !== undefined && !ADDRESS.test(email)) return { line, student, is: 'badEmail' }
    const address = addressOf(email)
    const first = address === undefined ? undefined : seen.get(address)
    if (first !== undefined) return { line, student, is: 'twice', first }
    if (address !== undefined) seen.set(address, line)
    const entry = address === undefined ? undefined : byAddress.get(address)
    if (entry) return { line, student, is: known(student, entry) }
    return { line, student, is: names.has(name) ? 'sameName' : 'add' }
  }

  return {
    columns: ROSTER_COLUMNS.filter((column) => heads.includes(column)),
    ignored: named ? (rows[0]?.cells.filter((_, index) => named[index] === undefined) ?? []).filter(Boolean) : [],
    lines: (named ? rows.slice(1) : rows).map(({ line, cells }) => judge(line, studentIn(cells, heads))),
  }
}

/** Those of the lines that something will be done with, as the server takes them. */
export function studentsToSend({ lines }: RosterFile): Student[] {
  return lines.flatMap(({ is, student }) =>
    is === 'add' || is === 'sameName' || is === 'update' ? [student as Student] : [],
  )
}

/** Text of a file: UTF-8, or what Excel in Japan writes. Throws TypeError when it is neither. */
export function textOf(bytes: ArrayBuffer): string {
  const decode = (encoding: string) => new TextDecoder(encoding, { fatal: true }).decode(bytes)
  const [a, b] = new Uint8Array(bytes)
  if (a === 0xff && b === 0xfe) return decode('utf-16le')
  try {
    return decode('utf-8')
  } catch {
    return decode('shift_jis')
  }
}
