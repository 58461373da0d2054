import type { LessonReport } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { notebookName } from '../class/progress.ts'
import { cellNumber } from '../class/use-reason.ts'
import { momentCell, type Table } from '../parts/download.ts'
import type { ReportPeople } from './report-people.ts'

const SECOND_MS = 1000
const seconds = (ms: number | undefined) => (ms === undefined ? undefined : Math.round(ms / SECOND_MS))

/** The parts of a report as tables. */
export function useReportTables() {
  const t = useTranslations('report')
  return {
    /** A row a student: who was there, then who was not. */
    attendance: (report: LessonReport, people: ReportPeople): Table => ({
      columns: [t('person'), t('team'), t('from'), t('to'), t('minutes'), t('runs'), t('failedRuns'), t('done_')],
      rows: [
        ...report.attendance.map(({ student, from, to, minutes, executions, failures, done }) => [
          people.name(student),
          people.team(student),
          momentCell(from),
          momentCell(to),
          minutes,
          executions,
          failures,
          done,
        ]),
        ...report.absent.map((student) => [people.name(student), people.team(student), t('absentTitle')]),
      ],
    }),
    /** A row a cell. Times in seconds. */
    progress: ({ notebooks }: LessonReport): Table => ({
      columns: [t('notebook'), t('cell'), t('students'), t('done_'), t('failing'), t('tries'), `${t('time')} (s)`],
      rows: notebooks.flatMap(({ notebook, cells }) =>
        cells.map(({ cell, reached, done, failing, tries, doneMs, spentMs }) => [
          notebookName(notebook),
          cellNumber(cell.index),
          reached,
          done,
          failing,
          tries,
          seconds(doneMs ?? spentMs),
        ]),
      ),
    }),
    /** A row a kind of mistake. */
    errors: ({ errors }: LessonReport): Table => ({
      columns: [t('error'), t('message'), t('notebook'), t('cell'), t('students'), t('stillFailing')],
      rows: errors.map(({ name, message, notebook, cell, students, failing }) => [
        name,
        message,
        notebookName(notebook),
        cellNumber(cell.index),
        students.length,
        failing.length,
      ]),
    }),
  }
}
