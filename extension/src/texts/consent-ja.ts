import type { consentEn } from './consent-en.ts'

/** The question what may be collected, in Japanese. */
export const consentJa: typeof consentEn = {
  command: 'Lectern: 共有する内容',
  title: (name) => `「${name}」に、どこまで見せますか`,
  first: 'まだ何も収集・送信していません。決めるのはあなたです。回答はいつでも変更できます。',
  more: 'クラスは、これまでの同意より多くの内容の収集を求めています。同意するまで、これ以上は収集されません。',
  why: '目的',
  whyText: 'だれがどのセルで困っているかを教員が知り、間に合ううちに手助けするためです。',
  who: '見る人',
  whoText:
    'クラスの教員とアシスタントが、あなたの名前とともに見ます。サーバーの管理者も見られます。あなたのコードを見た人は、あとで確認できます。',
  keep: '保存期間',
  keepText: (days) => `クラス終了の${days}日後に削除されます。それより前に自分で削除することもできます。`,
  where: '送信先',
  whereText: (server, name) => `「${name}」という名前とともに ${server} だけに送られます。`,
  choice: '収集してよい内容',
  asked: 'クラスが求める内容',
  levels: [
    { name: '時刻と大きさ', text: 'セルの実行時刻と実行時間、コードと出力の大きさ、どのノートブックか。' },
    { name: '結果まで', text: '実行の成否、エラーの名前、作業中かどうか。' },
    { name: 'コードまで', text: '実行したコードとエラーの文面。' },
    { name: '出力まで', text: 'コードが出力した内容。' },
    { name: '編集まで', text: '実行と実行の間にセルに加えた変更。' },
  ],
  nothing: { name: '共有しない', text: 'クラスには「共有していない」ことだけが伝わります。質問はできます。' },
  research: '研究者にも、名前を伏せて仮名で提供してよい。',
  save: '回答を保存',
  later: 'あとで',
  unknown: 'クラスが求める内容をサーバーからまだ受け取っていません。接続後にもう一度お試しください。',
  sharesNothing: '何も共有していません。質問はできます。',
}
