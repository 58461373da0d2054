/** What a cell of a table can hold; `undefined` is an empty cell. */
export type Cell = string | number | boolean | undefined

/** A table as it is on the screen, to be taken out. */
export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** Without it Excel reads UTF-8 as the code page of the machine. */
const BYTE_ORDER_MARK = '\uFEFF'
/** Line breaks and other controls: a program that cuts lines itself would begin a cell in the middle of a text. */
const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu
/**
 * What a spreadsheet may take for a formula: the signs of OWASP's "CSV Injection", their wide forms, which some input methods
 * write, also behind spaces and marks that are not seen.
 */
const FORMULA = /^[\s\p{Cf}"']*[=+\-@\uFF0B\uFF0D\uFF1D\uFF20\u2212|%]/u

/** A text that a spreadsheet shows as it is and never calculates. */
function safeText(text: string): string {
  const line = text.toWellFormed().replaceAll(CONTROLS, ' ')
  return FORMULA.test(line) ? `'${line}` : line
}

function cellText(cell: Cell): string {
  if (cell === undefined) return ''
  if (typeof cell !== 'string') return String(cell)
  // Always in quotes: some machines part cells at semicolons or tabs.
  return `"${safeText(cell).replaceAll('"', '""')}"`
}

/**
 * A table as CSV (RFC 4180) that is safe to open in a spreadsheet: texts that could be formulas begin with an apostrophe, and a
 * row is a line. Numbers stay numbers.
 */
export function csvOf({ columns, rows }: Table): string {
  const lines = [columns, ...rows].map((cells) => cells.map(cellText).join(','))
  return `${BYTE_ORDER_MARK}${lines.join('\r\n')}\r\n`
}

/** A time (ms since the epoch) as every spreadsheet reads it: date and minute where the reader is. */
export function momentCell(ms: number | undefined): Cell {
  if (ms === undefined) return undefined
  const at = new Date(ms)
  const two = (n: number) => String(n).padStart(2, '0')
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-')
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`
}

/** The rows of a table as objects by column, texts as they are: for programs, which calculate nothing. */
export function recordsOf({ columns, rows }: Table): Readonly<Record<string, Cell>>[] {
  return rows.map((cells) => Object.fromEntries(columns.map((column, index) => [column, cells[index]])))
}

/** A name that every system takes for a file. */
export function fileName(text: string, extension: string): string {
  const plain = text
    .normalize('NFC')
    .replaceAll(/[\p{C}\\/:*?"<>|%]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/^[.\s]+|[.\s]+$/g, '')
  return `${[...plain].slice(0, 80).join('').trim() || 'lectern'}.${extension}`
}

/** Hands a file to the browser to be kept. */
function save(text: string, name: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** Saves a table as CSV under a name that is shown to people, such as that of the class and the view. */
export function downloadCsv(name: string, table: Table): void {
  save(csvOf(table), fileName(name, 'csv'), 'text/csv;charset=utf-8')
}

/** Saves any value as JSON. */
export function downloadJson(name: string, value: unknown): void {
  save(`${JSON.stringify(value, undefined, 2)}\n`, fileName(name, 'json'), 'application/json')
}
