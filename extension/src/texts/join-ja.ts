import type { joinEn } from './join-en.ts'

/** Joining and leaving a class, in Japanese. */
export const joinJa: typeof joinEn = {
  command: 'Lectern: クラスに参加 …',
  title: 'クラスに参加',
  intro: '参加コードは担当の先生から受け取ってください。収集を始める前に、どこまで同意するかをおたずねします。',
  code: '参加コード、または受け取ったリンク',
  server: 'サーバーのアドレス',
  name: '名前（クラスで使っているもの）',
  email: 'メールアドレス（任意）',
  emailHint: '入力しておくと、別のパソコンでも同じ学生として続けられます。',
  team: 'グループや座席（任意）',
  submit: '参加する',
  cancel: 'キャンセル',
  gaps: { server: 'サーバーのアドレス', code: '参加コード', name: '名前', email: '正しいメールアドレス' },
  and: '、',
  missing: (list) => `クラスに参加するには、次が必要です: ${list}`,
  button: 'クラスに参加 …',
  other: '別のクラスに参加 …',
  answer: '回答する …',
  unanswered: (name) => `「${name}」が、どこまで見てよいかをたずねています。回答するまで、何も収集・送信されません。`,
  asking: 'クラスが何を収集するかをサーバーに確認しています …',
  again: '再試行',
  leave: 'このパソコンで退出 …',
  leaveTitle: (name) => `このパソコンで「${name}」から退出しますか`,
  leaveText:
    '以後、ここからは何も記録・送信されません。クラスにすでにある内容は残ります。「自分のデータ」から削除できます。',
  leaveWaiting: (n) => `${n} 件がまだ送信されていません。このブラウザーに残り、戻ったときに送信されます。`,
  leaveSubmit: '退出する',
  left: 'このパソコンではこのクラスから退出しています。何も記録・送信されません。',
  back: '戻る',
}
