/** What one shares, in English. */
export const sharingEn = {
  title: 'What I share',
  now: 'Collected now',
  change: 'Change …',
  history: 'My answers',
  historyNone: 'No answer is kept yet.',
  yes: (level: string) => `Agreed to: ${level}`,
  no: 'Agreed to nothing',
  withResearch: 'and to research',
  version: (n: number) => `text no. ${n}`,
  withdraw: 'Stop sharing',
}
