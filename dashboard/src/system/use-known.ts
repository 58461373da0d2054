import { useMessages, useTranslations } from 'use-intl'
import type { Messages } from '../i18n/en.ts'

/** What the server calls something, in the reader's language where its name is known, else in the server's words. */
export function useKnown(): (id: string, said: string) => string {
  const t = useTranslations('system.known')
  const { known } = useMessages().system
  const isKnown = (id: string): id is keyof Messages['system']['known'] => Object.hasOwn(known, id)
  return (id, said) => (isKnown(id) ? t(id) : said)
}
