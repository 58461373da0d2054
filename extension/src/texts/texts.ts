import { consentEn } from './consent-en.ts'
import { consentJa } from './consent-ja.ts'
import { helpEn } from './help-en.ts'
import { helpJa } from './help-ja.ts'
import { joinEn } from './join-en.ts'
import { joinJa } from './join-ja.ts'
import { panelEn } from './panel-en.ts'
import { panelJa } from './panel-ja.ts'
import { progressEn } from './progress-en.ts'
import { progressJa } from './progress-ja.ts'
import { problemsEn } from './problems-en.ts'
import { problemsJa } from './problems-ja.ts'
import { ownEn } from './own-en.ts'
import { ownJa } from './own-ja.ts'
import { sentEn } from './sent-en.ts'
import { sentJa } from './sent-ja.ts'
import { sharingEn } from './sharing-en.ts'
import { sharingJa } from './sharing-ja.ts'
import { statusEn } from './status-en.ts'
import { statusJa } from './status-ja.ts'
import { talkEn } from './talk-en.ts'
import { talkJa } from './talk-ja.ts'

const EN = {
  language: 'en',
  consent: consentEn,
  help: helpEn,
  join: joinEn,
  panel: panelEn,
  problems: problemsEn,
  own: ownEn,
  sent: sentEn,
  sharing: sharingEn,
  status: statusEn,
  progress: progressEn,
  talk: talkEn,
}

/** Every text that a student sees, by room; `language` is a BCP 47 tag. */
export type Texts = typeof EN

const JA: Texts = {
  language: 'ja',
  consent: consentJa,
  help: helpJa,
  join: joinJa,
  panel: panelJa,
  problems: problemsJa,
  own: ownJa,
  sent: sentJa,
  sharing: sharingJa,
  status: statusJa,
  progress: progressJa,
  talk: talkJa,
}

/** The texts in the language that JupyterLab shows (`ja`, `ja_JP`, `en`, …). */
export function textsFor(language: string): Texts {
  return /^ja\b|^ja_/i.test(language) ? JA : EN
}
