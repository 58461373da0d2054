import { useMemo, useState } from 'react'
import type { RosterEntry } from '@lectern/protocol'
import { Button, FileTrigger, Form, Label, TextArea, TextField } from 'react-aria-components'
import { useFormatter, useTranslations } from 'use-intl'
import { Icon } from '../parts/icons.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { useImportRoster } from './queries.ts'
import {
  readRoster,
  studentsToSend,
  textOf,
  type RosterColumn,
  type RosterFile,
  type RosterLine,
} from './roster-file.ts'

const ROWS = 4
/** More lines are counted, not shown; those with a problem come first. */
const MOST_SHOWN = 100
const TYPES = ['.csv', '.tsv', '.txt', 'text/csv', 'text/plain', 'text/tab-separated-values']

const isProblem = ({ is }: RosterLine) => is === 'noName' || is === 'badEmail' || is === 'tooLong' || is === 'twice'

/** What will be done with a line, in words. */
function useVerdict(): (line: RosterLine) => string {
  const t = useTranslations('rosterFile')
  return (line) => {
    if (line.is === 'twice') return t('twice', { n: line.first })
    if (line.is === 'badEmail') return t('badEmail', { text: line.student.email ?? '' })
    return t(line.is)
  }
}

function Preview({ file }: { readonly file: RosterFile }) {
  const t = useTranslations('rosterFile')
  const format = useFormatter()
  const verdict = useVerdict()
  const columnName: Readonly<Record<RosterColumn, string>> = {
    name: t('columnName'),
    email: t('columnEmail'),
    team: t('columnTeam'),
  }
  const problems = file.lines.filter(isProblem)
  const ordered = [...problems, ...file.lines.filter((line) => !isProblem(line))]
  const more = ordered.length - MOST_SHOWN
  return (
    <div className="roster-preview">
      <p>
        {t('columns', { text: format.list(file.columns.map((column) => columnName[column])) })}{' '}
        {file.ignored.length > 0 && <span className="muted">{t('ignored', { text: format.list(file.ignored) })}</span>}
      </p>
      <p role="status" className={problems.length > 0 ? 'field-error' : 'muted'}>
        {t('problems', { n: problems.length })}
      </p>
      <div className="roster-preview-box" role="region" aria-label={t('what')} tabIndex={0}>
        <table className="report-table">
          <thead>
            <tr>
              <th scope="col">{t('line')}</th>
              <th scope="col">{t('what')}</th>
              {file.columns.map((column) => (
                <th key={column} scope="col">
                  {columnName[column]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ordered.slice(0, MOST_SHOWN).map((line) => (
              <tr key={line.line} data-problem={isProblem(line)}>
                <th scope="row">{line.line}</th>
                <td>
                  {isProblem(line) && <Icon name="failing" />} {verdict(line)}
                </td>
                {file.columns.map((column) => (
                  <td key={column}>{line.student[column]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more > 0 && <p className="muted">{t('more', { n: more })}</p>}
    </div>
  )
}

interface RosterFileFormProps {
  readonly classId: string
  readonly roster: readonly RosterEntry[]
}

/** A roster from a file or pasted lines: what will be done is shown line by line before anything is. */
export function RosterFileForm({ classId, roster }: RosterFileFormProps) {
  const t = useTranslations('rosterFile')
  const withCodes = useTranslations('manage.roster')('withCodes')
  const put = useImportRoster(classId)
  const [text, setText] = useState('')
  const [codes, setCodes] = useState(false)
  const [unreadable, setUnreadable] = useState(false)
  const file = useMemo(() => readRoster(text, roster), [text, roster])
  const students = studentsToSend(file)
  const changed = file.lines.filter(({ is }) => is === 'update').length
  const choose = async (files: FileList | null) => {
    const [chosen] = files ?? []
    if (!chosen) return
    const read = await chosen
      .arrayBuffer()
      .then(textOf)
      .catch(() => undefined)
    setUnreadable(read === undefined)
    if (read !== undefined) setText(read)
  }
  return (
    <Form
      className="form enlist"
      onSubmit={(event) => {
        event.preventDefault()
        if (students.length > 0) put.mutate({ students, codes }, { onSuccess: () => setText('') })
      }}
    >
      <h3>{t('title')}</h3>
      <p className="muted">{t('text')}</p>
      <FileTrigger acceptedFileTypes={TYPES} onSelect={(files) => void choose(files)}>
        <Button className="button">
          <Icon name="plus" />
          {t('choose')}
        </Button>
      </FileTrigger>
      <TextField className="field" value={text} onChange={setText}>
        <Label>{t('paste')}</Label>
        <TextArea rows={ROWS} spellCheck={false} />
      </TextField>
      {unreadable && (
        <p className="field-error" role="alert">
          {t('unreadable')}
        </p>
      )}
      {text !== '' && file.lines.length === 0 && <p className="field-error">{t('empty')}</p>}
      {file.lines.length > 0 && <Preview file={file} />}
      {file.lines.length > 0 && (
        <label className="check">
          <input type="checkbox" checked={codes} onChange={({ target }) => setCodes(target.checked)} />
          {withCodes}
        </label>
      )}
      <p role="status">{put.data && text === '' && t('done', { added: put.data.added, n: put.data.changed })}</p>
      {put.error && <ProblemNote error={put.error} />}
      {students.length > 0 && (
        <WorkingButton className="button primary" isWorking={put.isPending}>
          {t('submit', { added: students.length - changed, n: changed })}
        </WorkingButton>
      )}
    </Form>
  )
}
