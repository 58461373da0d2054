import type { Messages as All } from './en.ts'

declare module 'use-intl' {
  interface AppConfig {
    Locale: 'en' | 'ja'
    Messages: All
  }
}
