import type { talkEn } from './talk-en.ts'

/** What staff say to a student, in Japanese. */
export const talkJa: typeof talkEn = {
  title: 'メッセージ',
  none: '先生からのメッセージがここに表示されます。',
  older: (n) => `以前の ${n} 件`,
  answer: '質問への回答',
  everyone: '全員へ',
  hint: 'ヒント',
  cell: 'セルの提案',
  at: (n, notebook) => `${notebook} のセル ${n}`,
  hintFrom: (name) => `${name} さんから、このセルへのヒントがあります`,
  cellFrom: (name) => `${name} さんから、下に追加するセルの提案があります`,
  notice: {
    message: (name, text) => `${name}: ${text}`,
    hint: (name) => `${name} さんからヒントが届きました`,
    cell: (name) => `${name} さんからセルの提案が届きました`,
  },
  open: '表示',
  showCell: 'セルへ移動',
  openNotebook: 'ノートブックを開く',
  apply: { hint: 'ヒントを見る', cell: '下に追加' },
  later: 'あとで',
  decline: '不要です',
  close: 'ヒントを閉じる',
  outcome: { applied: { hint: 'セルに表示しました', cell: '追加しました' }, declined: '不要としました' },
  noPlace: '対象のセルがあるノートブックは、ここでは開かれていません。',
  hide: '隠す',
}
