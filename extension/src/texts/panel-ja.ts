import type { panelEn } from './panel-en.ts'

/** The side panel, in Japanese. */
export const panelJa: typeof panelEn = {
  title: 'Lectern',
  open: 'Lectern: パネルを開く',
  openSettings: '設定',
  klassTitle: 'クラス',
  klass: 'クラス',
  name: '名前',
  server: 'サーバー',
  collects: '収集する内容',
  sent: '送信済み',
  waiting: '送信待ち',
  elsewhere: '以前の参加分の送信待ち',
  refused: 'サーバーが拒否',
  lastRefusal: '最後の理由',
  connection: '接続',
  live: '接続中',
  byPost: '常時接続なし（まとめて送信しています）',
  problem: '問題',
  storageMemory: 'このブラウザーでは保存が許可されていません。未送信の内容は、このページを閉じると失われます。',
  offLong: '設定で共有がオフになっています。何も記録されません。',
}
