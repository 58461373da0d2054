import type { helpEn } from './help-en.ts'

/** Asking for help, in Japanese. */
export const helpJa: typeof helpEn = {
  ask: '質問する',
  open: '質問を取り下げ',
  withdraw: '質問を取り下げる',
  notJoined: '質問するには、まずクラスに参加してください',
  sentence: '何に困っていますか（任意）',
  send: '質問する',
  cancel: 'キャンセル',
}
