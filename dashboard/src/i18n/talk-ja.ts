import type { Messages } from './en.ts'

/** Talk between staff and students, in Japanese (ICU MessageFormat). */
export const talkJa: Pick<Messages, 'say'> = {
  say: {
    write: 'メッセージ',
    writeTo: '{name}さんにメッセージを送る',
    title: '宛先：{name}',
    everyone: '全員',
    kind: '種類',
    kinds: { message: 'メッセージ', hint: 'ヒント', cell: 'セル', banner: 'ご注目' },
    hints: {
      message: 'JupyterLab に控えめに表示されます。',
      hint: 'セルのところに「できた」「あとで」「不要」とともに表示されます。',
      cell: 'セルの下に提案として表示されます。学生が選ばない限り挿入されません。',
      banner: '終了するまで、全員の JupyterLab に大きく表示されます。',
    },
    text: '本文',
    source: 'セルのコード',
    notebook: 'ノートブック',
    cell: 'セル',
    nowhere: '場所を指定しない',
    choose: '選択してください',
    noCells: 'まだ誰もセルを実行していません。',
    resolves: 'これで回答とし、ヘルプ依頼を閉じる',
    missing: { text: '本文を入力してください。', cell: 'どのセルの下に提案するかを選んでください。' },
    send: '送信',
    keys: 'Ctrl + Enter で送信',
    sent: '{n}人に送信しました。',
    follow: '反応を見る',
    takeBack: '取り消す',
  },
}
