import { ReactWidget } from '@jupyterlab/ui-components'
import type { Widget } from '@lumino/widgets'
import { useEffect, useRef, type ComponentType, type JSX } from 'react'
import { createStore, type Store } from '../core/store.ts'
import { useStore } from './use-store.ts'

/** A part of the panel. Without a title it can not be folded. */
export interface Section {
  readonly id: string
  readonly title?: string
  /** Lower stands higher. */
  readonly rank: number
  /** Folded until somebody opens it. */
  readonly folded?: boolean
  /** Asked whenever something has changed; without it the section is always there. */
  readonly isShown?: () => boolean
  readonly Body: ComponentType
}

/** The side panel: sections that fold, in one column. */
export interface Panel {
  readonly widget: Widget
  add(section: Section): void
  /** Opens the panel; with an id that section too, and puts the keyboard there. */
  reveal(id?: string): void
}

interface Parts {
  /** Says that something has changed by which sections come and go. */
  readonly changes: Store<unknown>
  /** Name of the panel for screen readers. */
  readonly label: string
  /** Brings the panel to the front. */
  readonly activate: () => void
}

interface Shown {
  readonly sections: readonly Section[]
  readonly open: ReadonlySet<string>
  /** The section that waits for the keyboard. */
  readonly focus?: string | undefined
}

const headingId = (id: string) => `lectern-section-${id}`

/** The section once its heading was pressed. */
function toggled(shown: Shown, id: string): Shown {
  const open = new Set(shown.open)
  if (!open.delete(id)) open.add(id)
  return { ...shown, open }
}

function FoldingSection({ section, shown }: { readonly section: Section; readonly shown: Store<Shown> }): JSX.Element {
  const { id, title, Body } = section
  const { open, focus } = useStore(shown)
  const heading = useRef<HTMLButtonElement>(null)
  const isOpen = open.has(id)
  useEffect(() => {
    if (focus !== id) return
    heading.current?.focus()
    shown.set({ ...shown.get(), focus: undefined })
  }, [focus, id, shown])
  return (
    <section className="lectern-section" aria-labelledby={headingId(id)}>
      <h2>
        <button
          ref={heading}
          id={headingId(id)}
          type="button"
          aria-expanded={isOpen}
          onClick={() => shown.set(toggled(shown.get(), id))}
        >
          {title}
        </button>
      </h2>
      {isOpen && (
        <div className="lectern-section-body">
          <Body />
        </div>
      )}
    </section>
  )
}

interface ViewProps {
  readonly shown: Store<Shown>
  readonly changes: Store<unknown>
}

function PanelView({ shown, changes }: ViewProps): JSX.Element {
  const { sections } = useStore(shown)
  useStore(changes)
  const there = sections.filter(({ isShown }) => isShown?.() ?? true)
  return (
    <>
      {there.map((section) =>
        section.title === undefined ? (
          <section.Body key={section.id} />
        ) : (
          <FoldingSection key={section.id} section={section} shown={shown} />
        ),
      )}
    </>
  )
}

/** Makes the side panel, empty. */
export function createPanel({ label, activate, changes }: Parts): Panel {
  const shown = createStore<Shown>({ sections: [], open: new Set() })
  const widget = ReactWidget.create(<PanelView shown={shown} changes={changes} />)
  widget.addClass('lectern-panel')
  widget.node.setAttribute('role', 'region')
  widget.node.setAttribute('aria-label', label)
  return {
    widget,
    add(section) {
      const { sections, open } = shown.get()
      shown.set({
        sections: [...sections, section].toSorted((a, b) => a.rank - b.rank),
        open: section.folded ? open : new Set([...open, section.id]),
      })
    },
    reveal(id) {
      activate()
      const { open, sections } = shown.get()
      if (id !== undefined) shown.set({ sections, open: new Set([...open, id]), focus: id })
    },
  }
}
