import type { ReactNode } from 'react'

interface PanelProps {
  /** Also the target of the key that leads here. */
  readonly id: string
  readonly title: string
  /** A number or a few words beside the title. */
  readonly note?: ReactNode
  readonly tools?: ReactNode
  readonly children: ReactNode
}

/** One of the parts of the class page. */
export function Panel({ id, title, note, tools, children }: PanelProps) {
  return (
    <section className={`panel card panel-${id}`} id={id} tabIndex={-1} aria-labelledby={`${id}-title`}>
      <header className="panel-head">
        <h2 id={`${id}-title`}>{title}</h2>
        {note !== undefined && <span className="panel-note">{note}</span>}
        {tools !== undefined && <div className="panel-tools">{tools}</div>}
      </header>
      <div className="panel-body">{children}</div>
    </section>
  )
}
