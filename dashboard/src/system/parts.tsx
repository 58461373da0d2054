import { useState, type ReactNode } from 'react'
import { Button } from 'react-aria-components'
import type { UseQueryResult } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { ApiProblem } from '../http/problem.ts'
import { Icon } from '../parts/icons.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'

const NOT_FOUND = 404

interface AnsweredProps<T> {
  readonly query: UseQueryResult<T>
  readonly children: (data: T) => ReactNode
}

/** What depends on an answer: while it is awaited, when it failed, and when it is there, be it an older one. */
export function Answered<T>({ query, children }: AnsweredProps<T>) {
  const t = useTranslations('system')
  const loading = useTranslations('app')('loading')
  const { data, error, refetch } = query
  if (data === undefined && error instanceof ApiProblem && error.status === NOT_FOUND) {
    return <p className="card empty muted">{t('older')}</p>
  }
  return (
    <>
      {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {data === undefined && !error && <p role="status">{loading}</p>}
      {data !== undefined && children(data)}
    </>
  )
}

interface CardProps {
  readonly title: ReactNode
  readonly children: ReactNode
  readonly tools?: ReactNode
  readonly className?: string
}

/** A card with a heading. */
export function Card({ title, children, tools, className = '' }: CardProps) {
  return (
    <section className={`card system-card ${className}`}>
      <header className="system-card-head">
        <h2>{title}</h2>
        {tools}
      </header>
      {children}
    </section>
  )
}

interface SureProps {
  /** What happens, in a word. */
  readonly label: string
  /** For screen readers: also on what. */
  readonly about: string
  readonly isWorking: boolean
  readonly onConfirm: () => void
  readonly className?: string
}

/** A button that asks once more before it acts. */
export function SureButton({ label, about, isWorking, onConfirm, className = '' }: SureProps) {
  const t = useTranslations('system')
  const [asking, setAsking] = useState(false)
  if (!asking) {
    return (
      <Button
        className={`button small-button ${className}`}
        aria-label={`${label}: ${about}`}
        isDisabled={isWorking}
        onPress={() => setAsking(true)}
      >
        {label}
      </Button>
    )
  }
  return (
    <span className="sure" role="group" aria-label={`${label}: ${about}`}>
      <span>{t('sure')}</span>
      <Button
        autoFocus
        className="button danger small-button"
        onPress={() => {
          setAsking(false)
          onConfirm()
        }}
      >
        {t('yes')}
      </Button>
      <Button className="button quiet small-button" onPress={() => setAsking(false)}>
        {t('no')}
      </Button>
    </span>
  )
}

/** A word with a shape of its own: good, waiting or bad. */
export function Sign({ is, children }: { readonly is: 'good' | 'waiting' | 'bad'; readonly children: ReactNode }) {
  const icons = { good: 'check', waiting: 'idle', bad: 'failing' } as const
  return (
    <span className={`sign sign-${is}`}>
      <Icon name={icons[is]} />
      {children}
    </span>
  )
}

interface SparkProps {
  readonly values: readonly number[]
  readonly label: string
}

const SPARK = { width: 120, height: 32 } as const

/** The last minutes of a number as a line. */
export function Spark({ values, label }: SparkProps) {
  const most = Math.max(...values, Number.MIN_VALUE)
  const step = values.length > 1 ? SPARK.width / (values.length - 1) : 0
  const points = values.map((value, index) => {
    const y = SPARK.height - 1 - (Math.max(0, value) / most) * (SPARK.height - 2)
    return `${(index * step).toFixed(1)},${y.toFixed(1)}`
  })
  return (
    <svg
      className="system-spark"
      viewBox={`0 0 ${SPARK.width} ${SPARK.height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {values.length > 1 && (
        <>
          <polygon
            className="system-spark-ground"
            points={`0,${SPARK.height} ${points.join(' ')} ${SPARK.width},${SPARK.height}`}
          />
          <polyline className="system-spark-line" points={points.join(' ')} />
        </>
      )}
    </svg>
  )
}

/** A share of a whole as a bar, with a mark where the limit is. */
export function Bar({
  share,
  mark,
  bad = false,
}: {
  readonly share: number
  readonly mark?: number
  readonly bad?: boolean
}) {
  const percent = (value: number) => `${(Math.min(1, Math.max(0, value)) * 100).toFixed(1)}%`
  return (
    <span className={`bar ${bad ? 'bar-bad' : ''}`} aria-hidden="true">
      <span className="bar-fill" style={{ width: percent(share) }} />
      {mark !== undefined && <span className="bar-mark" style={{ left: percent(mark) }} />}
    </span>
  )
}
