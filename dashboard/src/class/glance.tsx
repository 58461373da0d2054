import { memo } from 'react'
import type { AttentionKind, ClassState } from '@lectern/protocol'
import { useFormatter, useTranslations } from 'use-intl'
import { KindBadge } from '../parts/icons.tsx'
import { KINDS, type Counts } from './kinds.ts'
import { cellNumber } from './use-reason.ts'

interface GlanceProps {
  readonly counts: Counts
  readonly errors: ClassState['errors']
  /** The kind that the list shows alone, if any. */
  readonly only: AttentionKind | undefined
  readonly onOnly: (kind: AttentionKind | undefined) => void
}

function commonest(errors: ClassState['errors']) {
  let most: { name: string; cell: number; n: number } | undefined
  for (const group of Object.values(errors)) {
    const n = Object.keys(group.students).length
    if (n > (most?.n ?? 1)) most = { name: group.name, cell: cellNumber(group.cell.index), n }
  }
  return most
}

/** The class in one sentence. */
function Verdict({ counts, errors }: Pick<GlanceProps, 'counts' | 'errors'>) {
  const t = useTranslations('glance')
  const most = commonest(errors)
  const say = () => {
    if (counts.help > 0) return t('need', { n: counts.help })
    return counts.stuck > 0 ? t('stuckOnly', { n: counts.stuck }) : t('calm')
  }
  return (
    <div className="verdict">
      <p className="verdict-main">{say()}</p>
      {most && <p className="muted">{t('common', { error: most.name, cell: most.cell, n: most.n })}</p>}
    </div>
  )
}

/** Parts of the class as lengths of one bar. */
function ProportionBar({ counts }: Pick<GlanceProps, 'counts'>) {
  const t = useTranslations('glance')
  return (
    <div className="proportions" role="img" aria-label={t('bar', counts)}>
      {KINDS.map((kind) =>
        counts[kind] > 0 ? (
          <span key={kind} className={`proportion kind-${kind}`} style={{ flexGrow: counts[kind] }} />
        ) : null,
      )}
    </div>
  )
}

/** Is the class with me, who needs me, and for what: read in two seconds. */
export const Glance = memo(function Glance({ counts, errors, only, onOnly }: GlanceProps) {
  const t = useTranslations('glance')
  const kinds = useTranslations('kind')
  const format = useFormatter()
  return (
    <section className="glance card" aria-label={t('title')}>
      <Verdict counts={counts} errors={errors} />
      <div className="kinds" role="group" aria-label={t('show')}>
        {KINDS.map((kind) => (
          <button
            key={kind}
            type="button"
            className={`kind-count kind-${kind}`}
            data-kind={kind}
            data-count={counts[kind]}
            aria-pressed={only === kind}
            onClick={() => onOnly(only === kind ? undefined : kind)}
          >
            <KindBadge kind={kind} />
            <span className="kind-number">{format.number(counts[kind])}</span>
            <span className="kind-name">{kinds(kind)}</span>
          </button>
        ))}
      </div>
      <ProportionBar counts={counts} />
    </section>
  )
})
