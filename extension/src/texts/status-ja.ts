import type { statusEn } from './status-en.ts'

/** The line of the status bar, in Japanese. */
export const statusJa: typeof statusEn = {
  off: 'Lectern: オフ',
  incomplete: 'Lectern: 未参加',
  left: 'Lectern: 未参加',
  unanswered: 'Lectern: 回答が必要です',
  joining: 'Lectern: 参加中 …',
  joined: 'Lectern',
  notSharing: 'Lectern: 共有していません',
  paused: 'Lectern: 一時停止中',
  pausedUntil: (time) => `Lectern: ${time} まで一時停止`,
  sent: (n) => `送信済み ${n}`,
  waiting: (n) => `待機中 ${n}`,
  refused: (n) => `拒否 ${n}`,
  offline: 'オフライン',
  memory: '保存なし',
}
