import { useId, useState } from 'react'
import type { ClassMessage, MessageState } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { nameOf, type Names } from '../class/overview.ts'
import { OUTCOMES, outcomesOf } from './outcomes.ts'

interface OutcomeBarProps {
  readonly message: ClassMessage
  readonly names: Names
  readonly hrefOf: (student: string) => string
}

/** What came of a message: a bar in parts, each with its number and word, and the names behind a number when one asks. */
export function OutcomeBar({ message, names, hrefOf }: OutcomeBarProps) {
  const t = useTranslations('talk')
  const [open, setOpen] = useState<MessageState>()
  const listId = useId()
  const outcomes = outcomesOf(message)
  const parts = OUTCOMES.filter((state) => outcomes[state].length > 0)
  const total = Object.keys(message.students).length
  const shown = open !== undefined && outcomes[open].length > 0 ? open : undefined
  return (
    <div className="outcomes">
      <div className="outcome-bar" aria-hidden="true">
        {parts.map((state) => (
          <span key={state} className={`outcome-${state}`} style={{ flexGrow: outcomes[state].length / total }} />
        ))}
      </div>
      <ul className="outcome-counts" aria-label={t('outcomes')}>
        {parts.map((state) => (
          <li key={state}>
            <button
              type="button"
              className={`outcome-count outcome-${state}`}
              aria-expanded={shown === state}
              aria-controls={listId}
              onClick={() => setOpen(shown === state ? undefined : state)}
            >
              <span className="outcome-dot" aria-hidden="true" />
              <strong>{outcomes[state].length}</strong> {t(`states.${state}`)}
            </button>
          </li>
        ))}
      </ul>
      <div id={listId}>
        {shown && (
          <ul className="outcome-names" aria-label={t(`states.${shown}`)}>
            {outcomes[shown].map((id) => (
              <li key={id}>
                <a href={hrefOf(id)}>{nameOf(names, id)}</a>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  )
}
