import type { sharingEn } from './sharing-en.ts'

/** What one shares, in Japanese. */
export const sharingJa: typeof sharingEn = {
  title: '共有する内容',
  now: '現在の収集内容',
  change: '変更 …',
  history: 'これまでの回答',
  historyNone: '回答はまだありません。',
  yes: (level) => `同意: ${level}`,
  no: '何も同意していない',
  withResearch: '研究への提供も同意',
  version: (n) => `説明文 第${n}版`,
  withdraw: '共有をやめる',
}
