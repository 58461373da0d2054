import { useTranslations } from 'use-intl'
import { en } from '../i18n/en.ts'

type Known = keyof typeof en.system.known

const isKnown = (id: string): id is Known => Object.hasOwn(en.system.known, id)

/** What the server calls something, in the reader's language where its name is known, else in the server's words. */
export function useKnown(): (id: string, said: string) => string {
  const t = useTranslations('system.known')
  return (id, said) => (isKnown(id) ? t(id) : said)
}
