import { useId, type ReactNode } from 'react'

interface ReportCardProps {
  readonly title: string
  readonly text?: string | undefined
  readonly tools?: ReactNode
  readonly children: ReactNode
}

/** One part of a report. */
export function ReportCard({ title, text, tools, children }: ReportCardProps) {
  const id = useId()
  return (
    <section className="card report-card" aria-labelledby={id}>
      <header className="manage-head">
        <h2 id={id}>{title}</h2>
        {tools}
      </header>
      {text !== undefined && <p className="muted small">{text}</p>}
      {children}
    </section>
  )
}
