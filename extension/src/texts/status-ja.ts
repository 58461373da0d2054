import type { statusEn } from './status-en.ts'

/** The line of the status bar, in Japanese. */
export const statusJa: typeof statusEn = {
  off: 'Lectern: オフ',
  unset: 'Lectern: 未参加',
  joining: 'Lectern: 参加中 …',
  joined: 'Lectern',
  sent: (n) => `送信済み ${n}`,
  waiting: (n) => `待機中 ${n}`,
  refused: (n) => `拒否 ${n}`,
  offline: 'オフライン',
  memory: '保存なし',
}
