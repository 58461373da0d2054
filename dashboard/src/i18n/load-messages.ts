import { useEffect, useState } from 'react'
import type { LANGUAGES } from '../app/preferences.ts'
import type { Messages } from './en.ts'

type Language = (typeof LANGUAGES)[number]

const LOADERS: Readonly<Record<Language, () => Promise<Messages>>> = {
  en: async () => (await import('./en.ts')).en,
  ja: async () => (await import('./ja.ts')).ja,
}

/** A language with what the page says in it. */
export interface Spoken {
  readonly language: Language
  readonly messages: Messages
}

/** What the page says in a language; each language is loaded when it is first asked for. */
export async function loadMessages(language: Language): Promise<Spoken> {
  return { language, messages: await LOADERS[language]() }
}

/**
 * What the page says: in `language` as soon as that is loaded, in the language before until then. `undefined` before the
 * first, `null` when the server did not give it.
 */
export function useSpoken(language: Language): Spoken | undefined | null {
  const [spoken, setSpoken] = useState<Spoken | null>()
  useEffect(() => {
    let isWanted = true
    loadMessages(language).then(
      (loaded) => {
        if (isWanted) setSpoken(loaded)
      },
      () => {
        if (isWanted) setSpoken((before) => before ?? null)
      },
    )
    return () => {
      isWanted = false
    }
  }, [language])
  return spoken
}
