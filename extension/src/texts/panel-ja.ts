import type { panelEn } from './panel-en.ts'

/** The side panel, in Japanese. */
export const panelJa: typeof panelEn = {
  title: 'Lectern',
  open: 'Lectern: パネルを開く',
  openSettings: '設定',
  klass: 'クラス',
  name: '名前',
  server: 'サーバー',
  connection: '接続',
  live: '接続中',
  byPost: '常時接続なし（まとめて送信しています）',
  connecting: '参加中 …',
  elsewhere: (n) => `以前の参加分 ${n} 件が、このブラウザーで送信を待っています。`,
  storageMemory: 'このブラウザーでは保存が許可されていません。未送信の内容は、このページを閉じると失われます。',
  offLong: '設定で共有がオフになっています。何も記録されません。',
  pause: {
    title: '一時停止',
    text: '一時停止中は何も記録されません。ほかの人には、あなたから何も届いていないことだけが見えます。',
    quarter: '15 分',
    hour: '1 時間',
    open: '再開するまで',
    paused: '一時停止中です。何も記録されません。',
    pausedUntil: (time) => `${time} まで一時停止中です。何も記録されません。`,
    resume: '再開',
    command: 'Lectern: 一時停止',
    commandResume: 'Lectern: 再開',
  },
}
