/** One cell as it stood when its notebook was opened. */
export interface OpenedCell {
  /** Of the nbformat model: new at each opening where the file keeps none. */
  readonly id: string
  readonly type: string
  readonly source: string
  readonly metadata: Readonly<Record<string, unknown>>
}

/** What identities are made of. */
export interface OpenedNotebook {
  readonly path: string
  readonly metadata: Readonly<Record<string, unknown>>
  /** False for files that hold no cell ids (nbformat before 4.5, notebooks kept as text). */
  readonly keepsIds: boolean
  /** A code cell has run before: this is no longer what was handed out. */
  readonly isUsed: boolean
  readonly cells: readonly OpenedCell[]
}

/** Identities that the copies of a handed-out notebook share (SPEC EVT-7). */
export interface Identities {
  readonly notebook: string
  /** In the order of the cells. */
  readonly cells: readonly string[]
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** The identity that the metadata of a notebook or cell names, if any. */
export function namedIdentity(metadata: Readonly<Record<string, unknown>>): string | undefined {
  const grade = memberOf(metadata['nbgrader'], 'grade_id')
  return textOf(grade) ?? textOf(memberOf(metadata['lectern'], 'id'))
}

/**
 * 53 bits of `text` as 14 hex digits: enough to tell the cells of a class apart. Not for secrets: a page over plain http has no
 * `crypto.subtle`. (cyrb53, public domain.)
 */
export function fingerprint(text: string): string {
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    high = Math.imul(high ^ unit, 2_654_435_761)
    low = Math.imul(low ^ unit, 1_597_334_677)
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909)
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909)
  return (4_294_967_296 * (2_097_151 & low) + (high >>> 0)).toString(16).padStart(14, '0')
}

/** Spaces at the ends of lines are what editors and versions of formats change. */
const plain = (source: string) => source.replaceAll(/[ \t]+$/gm, '').trim()

/** The number of equal cells before each, so that equal cells are told apart. */
function printsOf(cells: readonly OpenedCell[]): string[] {
  const seen = new Map<string, number>()
  return cells.map(({ type, source }) => {
    const text = `${type}\n${plain(source)}`
    const before = seen.get(text) ?? 0
    seen.set(text, before + 1)
    return `cell-${fingerprint(`${before}\n${text}`)}`
  })
}

function notebookIdentity({ path, metadata, keepsIds, isUsed, cells }: OpenedNotebook): string {
  const named = textOf(memberOf(metadata['lectern'], 'id'))
  if (named !== undefined) return named
  const isEmpty = cells.every(({ source }) => plain(source) === '')
  // What the student began is nobody's copy; what was run before is known by its path, as well as it can be.
  if (isUsed || isEmpty) return path || 'untitled'
  const parts = cells.map(({ id, type, source }) => [keepsIds ? id : '', type, plain(source)])
  return `notebook-${fingerprint(JSON.stringify(parts))}`
}

/** The identities of a notebook and its cells when it is opened. The first of several cells with one name keeps it. */
export function identitiesOf(opened: OpenedNotebook): Identities {
  const prints = opened.keepsIds ? [] : printsOf(opened.cells)
  const taken = new Set<string>()
  const cells = opened.cells.map((cell, index) => {
    const wanted = [namedIdentity(cell.metadata), prints[index], cell.id]
    const id = wanted.find((name) => name !== undefined && !taken.has(name)) ?? cell.id
    taken.add(id)
    return id
  })
  return { notebook: notebookIdentity(opened), cells }
}
