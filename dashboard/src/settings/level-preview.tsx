import type { ReactNode } from 'react'
import type { CollectionLevel } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { cellNumber } from '../class/use-reason.ts'
import { Tile } from '../wall/tile.tsx'
import { sampleAt, studentAt } from './level-sample.ts'
import '../styles/wall.css'

/** Nobody goes anywhere from an example. */
const NOWHERE = () => '#'

function Kept({ what, children }: { readonly what: string; readonly children: ReactNode }) {
  const hidden = useTranslations('levelPreview')('hidden')
  return (
    <div data-kept={children !== undefined}>
      <dt>{what}</dt>
      <dd>{children === undefined ? <span className="muted">{hidden}</span> : children}</dd>
    </div>
  )
}

/** What the class page would show of an example at a level. */
export function LevelPreview({ level }: { readonly level: CollectionLevel }) {
  const t = useTranslations('levelPreview')
  const sample = sampleAt(level)
  const { run, edit } = sample
  const now = Date.now()
  const student = studentAt(sample, now)
  const [phase] = student.attention
  const row = phase && { id: 'example', name: t('name'), student, phase, help: undefined, rank: 0 }
  const cell = cellNumber(student.cell?.index ?? 0)
  return (
    <section className="level-preview" aria-labelledby="level-preview-title">
      <h3 id="level-preview-title">{t('title')}</h3>
      <p className="muted small">{t('text')}</p>
      <p className="preview-label">{t('tile')}</p>
      <div className="preview-tile" inert>
        {row && <Tile row={row} shape="large" hrefOf={NOWHERE} clock={now} isTabStop={false} />}
      </div>
      <p className="preview-label">{t('run')}</p>
      <dl className="preview-run">
        <div data-kept="true">
          <dt>{t('ran', { cell, n: run.durationMs ?? 0 })}</dt>
          <dd>{t('size', { n: run.sourceBytes ?? 0 })}</dd>
        </div>
        <Kept what={t('error')}>{run.errorName && `${t('failed')}: ${run.errorName}`}</Kept>
        <Kept what={t('message')}>{run.errorMessage}</Kept>
        <Kept what={t('code')}>{run.source && <pre>{run.source}</pre>}</Kept>
        <Kept what={t('output')}>{run.outputs && <pre>{run.outputs.map(({ text }) => text).join('\n')}</pre>}</Kept>
        <div data-kept="true">
          <dt>{t('edits')}</dt>
          <dd>
            {t('editCounts', { n: edit.typed ?? 0, left: edit.deleted ?? 0 })}
            {edit.deltas && (
              <code> {t('editSteps', { text: edit.deltas.map((step) => step.join('')).join(' ') })}</code>
            )}
          </dd>
        </div>
      </dl>
      <p className="muted small">{t('help')}</p>
    </section>
  )
}
