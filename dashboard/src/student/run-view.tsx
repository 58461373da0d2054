import { useState } from 'react'
import type { ClassInfo, HandoutAnswer } from '@lectern/protocol'
import { useFormatter, useTranslations } from 'use-intl'
import { notebookName } from '../class/progress.ts'
import { cellNumber } from '../class/use-reason.ts'
import { Select } from '../parts/select.tsx'
import { CodeDiff } from './code-diff.tsx'
import { GiveHandout } from './give-handout.tsx'
import { useHandout } from './queries.ts'
import { handedOut } from './read-handout.ts'
import { OutputOf } from './rich-output.tsx'
import type { Run } from './story.ts'
import { stripAnsi } from './strip-ansi.ts'

const COMPARES = ['none', 'before', 'first', 'handout'] as const
type Compare = (typeof COMPARES)[number]
/** Levels from which code and outputs are collected (SPEC LVL-1). */
const CODE_LEVEL = 2
const OUTPUT_LEVEL = 3
const SECOND_MS = 1_000

interface RunProps {
  readonly info: ClassInfo
  readonly run: Run
}

/** What the code of a run is compared with; undefined where there is nothing. */
function otherSource(run: Run, compare: Compare, handout: HandoutAnswer | null | undefined): string | undefined {
  if (compare === 'before') return run.before?.data.source
  if (compare === 'first') return run.first.data.source
  return compare === 'handout' ? handedOut(handout, run.cell) : undefined
}

function Code({ info, run }: RunProps) {
  const t = useTranslations('story')
  const [compare, setCompare] = useState<Compare>('none')
  const handouts = useHandout(info.id, compare === 'handout' ? run.notebook.id : undefined)
  const { source } = run.event.data
  if (source === undefined) {
    return <p className="muted">{info.level < CODE_LEVEL ? t('noCode', { n: info.level }) : t('noCodeOfRun')}</p>
  }
  const offered = COMPARES.filter((one) => run.before || (one !== 'before' && one !== 'first'))
  const other = otherSource(run, compare, handouts.handout.data)
  return (
    <>
      <Select
        label={t('compare')}
        value={offered.includes(compare) ? compare : 'none'}
        options={offered.map((id) => ({ id, text: t(`compares.${id}`) }))}
        onChange={setCompare}
      />
      {other === undefined ? (
        <pre className="code" tabIndex={0} aria-label={t('code')}>
          {source}
        </pre>
      ) : (
        <CodeDiff before={other} after={source} />
      )}
      {compare === 'handout' && (
        <GiveHandout info={info} notebook={run.notebook.id} handouts={handouts} source={other} />
      )}
    </>
  )
}

function Failure({ run }: Pick<RunProps, 'run'>) {
  const t = useTranslations('story')
  const { errorName, errorMessage, traceback, status } = run.event.data
  if (status !== 'error') return null
  return (
    <section className="run-part">
      <h3>{t('error')}</h3>
      <p className="run-error">
        <strong>{errorName}</strong>
        {errorMessage ? `: ${stripAnsi(errorMessage)}` : ''}
      </p>
      {traceback !== undefined && traceback !== '' && (
        <details>
          <summary>{t('traceback')}</summary>
          <pre tabIndex={0} aria-label={t('traceback')}>
            {stripAnsi(traceback)}
          </pre>
        </details>
      )}
    </section>
  )
}

function Outputs({ info, run }: RunProps) {
  const t = useTranslations('story')
  const { outputs, outputBytes = 0 } = run.event.data
  if (outputs === undefined) {
    return outputBytes > 0 && info.level < OUTPUT_LEVEL ? (
      <p className="muted">{t('noOutputs', { n: info.level })}</p>
    ) : null
  }
  const shown = outputs.filter(({ kind }) => kind !== 'error')
  if (shown.length === 0) return null
  return (
    <section className="run-part">
      <h3>{t('outputs')}</h3>
      {shown.map((output, index) => (
        // The outputs of a run never change.
        <OutputOf key={index} output={output} />
      ))}
    </section>
  )
}

/** One run as it was: code, error, outputs; to be read only. */
export function RunView({ info, run }: RunProps) {
  const t = useTranslations('story')
  const format = useFormatter()
  const { time, data } = run.event
  const seconds = (data.durationMs ?? 0) / SECOND_MS
  return (
    <article className="run">
      <header className="run-head">
        <h3>{t('run', { cell: cellNumber(run.cell.index), notebook: notebookName(run.notebook) })}</h3>
        <p className="muted">
          <span className={`run-status is-${data.status ?? 'unknown'}`}>
            {t(`statuses.${data.status ?? 'unknown'}`)}
          </span>
          {' · '}
          {t('runOf', { n: run.n, all: run.of })}
          {' · '}
          {format.dateTime(time, { timeStyle: 'medium' })}
          {data.durationMs !== undefined &&
            ` · ${t('took', { time: format.number(seconds, { style: 'unit', unit: 'second', maximumFractionDigits: 2 }) })}`}
        </p>
      </header>
      <Code key={run.key} info={info} run={run} />
      <Failure run={run} />
      <Outputs info={info} run={run} />
    </article>
  )
}
