import type { ownEn } from './own-en.ts'

/** One's own data, in Japanese. */
export const ownJa: typeof ownEn = {
  title: '自分のデータ',
  views: '自分が書いた内容を見た人',
  viewsNone: 'まだだれも見ていません。',
  what: {
    code_viewed: 'あなたのコードを表示',
    events_read: 'クラスの記録を読み出し',
    exported: 'クラスのデータを書き出し',
  },
  reload: '更新',
  copy: '写し',
  end: '削除',
  endHint: 'すべてが完全に削除され、クラスから退出します。',
  download: 'すべてダウンロード',
  downloadHint: 'クラスにあるあなたの記録すべて（テキスト形式、1 行に 1 件）。',
  erase: 'すべて削除 …',
  eraseTitle: (name) => `「${name}」にあるあなたの記録をすべて削除しますか`,
  eraseText:
    '記録・コード・メッセージ・名前・回答が、バックアップも含めて 1 分以内に完全に削除され、クラスから退出します。元に戻すことはできません。',
  eraseWaiting: (n) => `送信を待っている ${n} 件も削除されます。`,
  eraseType: (word) => `確認のため「${word}」と入力してください`,
  eraseWord: '削除',
  eraseSubmit: '完全に削除',
  cancel: 'キャンセル',
  erased: (n) => `${n} 件をすべて削除しました。このクラスからは退出しています。`,
  notJoined: 'クラスに参加していません。',
}
