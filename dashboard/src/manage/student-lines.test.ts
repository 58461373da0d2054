import { expect, it } from 'vitest'
import { readStudentLines } from './student-lines.ts'

it('reads students from lines of a spreadsheet, of commas, and of Japanese commas', () => {
  const text = 'Aiko Mori\taiko@school.example\tRow 1\r\nKen Sato\n\n  森 愛子、a@x.jp、1班 \nLi,,Row 2\n'
  const { students, faults } = readStudentLines(text)
  expect(students).toEqual([
    { name: 'Aiko Mori', email: 'aiko@school.example', team: 'Row 1' },
    { name: 'Ken Sato' },
    { name: '森 愛子', email: 'a@x.jp', team: '1班' },
    { name: 'Li', team: 'Row 2' },
  ])
  expect(faults).toEqual([])
})

it('names lines that can not be taken, and takes the others', () => {
  const { students, faults } = readStudentLines(`Aiko\n,a@x.jp\nKen,none\n${'x'.repeat(500)}`)
  expect(students).toEqual([{ name: 'Aiko' }])
  expect(faults).toEqual([2, 3, 4])
})
