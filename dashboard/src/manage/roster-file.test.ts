import { describe, expect, it } from 'vitest'
import { csvOf } from '../parts/download.ts'
import { readCsv, readRoster, studentsToSend, textOf } from './roster-file.ts'

const ROSTER = [
  { id: 's1', name: 'Aiko', email: 'aiko@x.org', team: 'Row 1' },
  { id: 's2', name: 'Ken' },
]
const judged = (text: string) => readRoster(text, ROSTER).lines.map(({ line, is }) => [line, is])

describe('a roster in a file', () => {
  it('is read with quotes, line breaks and any of the usual separators', () => {
    expect(readCsv('a,"b ""c"", d","e\nf"\r\n\r\ng,h\n')).toEqual([
      { line: 1, cells: ['a', 'b "c", d', 'e\nf'] },
      { line: 4, cells: ['g', 'h'] },
    ])
    for (const sign of ['\t', ';', ',', '，']) expect(readCsv(`a${sign}b`)).toEqual([{ line: 1, cells: ['a', 'b'] }])
    expect(readCsv('')).toEqual([])
    expect(readCsv('"never closed, x')).toEqual([{ line: 1, cells: ['never closed, x'] }])
  })

  it('has columns by their names, in any order and both languages, or name, address and group', () => {
    const { columns, ignored, lines } = readRoster('No.,班,メールアドレス,氏名\n1,A,ken@x.org,佐藤', [])
    expect([columns, ignored]).toEqual([['name', 'email', 'team'], ['No.']])
    expect(lines[0]?.student).toEqual({ name: '佐藤', email: 'ken@x.org', team: 'A' })
    expect(readRoster('Mio,mio@x.org,Row 2', []).lines[0]?.student).toEqual({
      name: 'Mio',
      email: 'mio@x.org',
      team: 'Row 2',
    })
  })

  it('says of each line what will be done, and why not', () => {
    const text = [
      'name,email,team',
      'Aiko,AIKO@x.org,Row 1',
      'Aiko M.,aiko2@x.org,',
      ',nobody@x.org,',
      'Mio,no address,',
      'Bo,aiko2@x.org,',
      'Ken,,',
      `${'x'.repeat(500)},,`,
    ].join('\n')
    expect(judged(text)).toEqual([
      [2, 'same'],
      [3, 'add'],
      [4, 'noName'],
      [5, 'badEmail'],
      [6, 'twice'],
      [7, 'sameName'],
      [8, 'tooLong'],
    ])
    expect(judged('Aiko Mori,aiko@x.org,Row 1')).toEqual([[1, 'update']])
    expect(judged('Aiko,aiko@x.org')).toEqual([[1, 'same']])
    expect(studentsToSend(readRoster(text, ROSTER)).map(({ name }) => name)).toEqual(['Aiko M.', 'Ken'])
  })

  it('comes back as it was taken out, also a name that a spreadsheet would calculate', () => {
    const rows = [
      ['=cmd|x', 'a@x.org', '+1'],
      ["O'Brien", 'b@x.org', "'quoted'"],
    ]
    const { lines } = readRoster(csvOf({ columns: ['Name', 'E-mail address', 'Group'], rows }), [])
    expect(lines.map(({ student }) => [student.name, student.email, student.team])).toEqual(rows)
  })

  it('is text in UTF-8 or as Excel writes it in Japan', () => {
    expect(textOf(new TextEncoder().encode('佐藤').buffer)).toBe('佐藤')
    expect(textOf(Uint8Array.from([0x8d, 0xb2, 0x93, 0xa1]).buffer)).toBe('佐藤')
    expect(() => textOf(Uint8Array.from([0x81, 0xff, 0xfd]).buffer)).toThrow(TypeError)
  })
})
