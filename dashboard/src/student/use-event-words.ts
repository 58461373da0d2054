import type { StoredEvent } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import type { Messages } from '../i18n/en.ts'
import { notebookName } from '../class/progress.ts'
import { cellNumber } from '../class/use-reason.ts'

type Word = keyof Messages['story']['words']

/** Everything that any of the sentences names. */
interface Values {
  notebook: string
  cell: number
  state: string
  name: string
  n: number
  added: number
  pasted: number
  removed: number
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : '')
const asNumber = (value: unknown): number => (typeof value === 'number' ? value : 0)

function stateOf(event: StoredEvent): string {
  if (event.type === 'presence') return event.data.focus === undefined ? 'unknown' : event.data.focus ? 'here' : 'away'
  if (event.type === 'sharing_changed') return event.data.sharing ? 'yes' : 'no'
  if (event.type === 'custom') return event.data.name
  const { status, outcome } = event.data as { status?: unknown; outcome?: unknown }
  return asText(outcome) || asText(status) || event.type
}

/** Says what an event is. `staff`: names of the staff by id. */
export function useEventWords(staff: ReadonlyMap<string, string>): (event: StoredEvent) => string {
  const t = useTranslations('story')
  return (event) => {
    const { type, notebook, cell } = event
    const data = event.data as Readonly<Record<string, unknown>>
    const by = asText(data['by'])
    const status = asText(data['status']) as keyof Messages['story']['statuses']
    const ran = t.has(`statuses.${status}`) ? t(`statuses.${status}`) : t('statuses.unknown')
    const error = asText(data['errorName'])
    const values: Values = {
      notebook: notebook ? notebookName(notebook) : '',
      cell: cellNumber(cell?.index ?? 0),
      state: type === 'cell_executed' ? error || ran : stateOf(event),
      name: staff.get(by) ?? (by || t('script')),
      n: asNumber(data['count']) || 1,
      added: asNumber(data['typed']),
      pasted: asNumber(data['pasted']),
      removed: asNumber(data['deleted']),
    }
    const word: string = type === 'cell_executed' ? 'ran' : type
    return t(`words.${t.has(`words.${word as Word}`) ? (word as Word) : 'other'}`, { ...values })
  }
}

/** What was written with an event: the sentence of a request, the text of a message. */
export function writtenIn({ data }: StoredEvent): string | undefined {
  const { text, message } = data as { text?: unknown; message?: unknown }
  if (typeof text === 'string' && text !== '') return text
  return 'text' in data || typeof message !== 'string' ? undefined : message || undefined
}
