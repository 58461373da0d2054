import type { helpEn } from './help-en.ts'

/** Asking for help, in Japanese. */
export const helpJa: typeof helpEn = {
  title: '質問',
  ask: '質問する',
  withdraw: '質問を取り下げる',
  withdrawShort: '取り下げる',
  notJoined: '質問するには、まずクラスに参加してください',
  sentence: '何に困っていますか（任意）',
  send: '質問する',
  cancel: 'キャンセル',
  carries: 'いま開いているノートブックとセル、エラーが先生に伝わります。',
  onItsWay: '質問しました（サーバーの応答待ち）',
  next: '次があなたの番です',
  place: (n) => `順番は ${n} 番目です`,
  coming: (name) => `${name} さんが向かっています`,
  since: (time) => `${time} に質問しました`,
  offer: (error) => `このセルで ${error} が 3 回続きました。質問しますか？`,
}
