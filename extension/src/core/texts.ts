import type { Status } from './client.ts'
import type { SettingsGap } from './settings.ts'

const EN = {
  off: 'Lectern: off',
  unset: 'Lectern: not joined',
  joining: 'Lectern: joining …',
  joined: 'Lectern',
  sent: (n: number) => `${n} sent`,
  waiting: (n: number) => `${n} waiting`,
  refused: (n: number) => `${n} refused`,
  offline: 'offline',
  memory: 'not kept',
  helpAsk: 'Ask for help',
  helpOpen: 'Withdraw request',
  helpWithdraw: 'Withdraw the request for help',
  helpNotJoined: 'Join a class first, to ask for help',
  helpSentence: 'What do you need help with? (optional)',
  helpSend: 'Ask',
  cancel: 'Cancel',
  close: 'Close',
  openSettings: 'Settings',
  details: 'Lectern: what is sent',
  consent: 'Lectern: what I share',
  consentTitle: (name: string) => `What “${name}” may collect`,
  consentMore: 'Your class asks for more than you agreed to. Nothing more is collected before you agree.',
  consentWho: (days: number) =>
    `Instructors and assistants of the class see it under your name; each look at your code is noted for you. It is removed ${days} days after the class has ended. You can change your answer at any time.`,
  consentChoice: 'What may be collected?',
  consentAsked: 'what the class asks',
  consentNothing: 'nothing: I do not share (asking for help still works)',
  consentResearch: 'Researchers may also get it, under a pseudonym that only they know.',
  consentSave: 'Save the answer',
  consentLater: 'Later',
  consentUnknown: 'The server has not yet said what the class asks. Try again when the line is open.',
  sharesNothing: 'You share nothing with the class; asking for help still works.',
  title: 'Lectern',
  klass: 'Class',
  name: 'Your name',
  server: 'Server',
  collects: 'Collected',
  sentLabel: 'Sent',
  waitingLabel: 'Waiting to be sent',
  elsewhereLabel: 'Waiting from earlier joins',
  refusedLabel: 'Refused by the server',
  lastRefusal: 'Last reason',
  connection: 'Connection',
  live: 'open',
  byPost: 'no open line; events are sent one batch at a time',
  problem: 'Problem',
  storageMemory:
    'This browser does not let Lectern keep anything. What has not been sent is lost when this page closes.',
  offLong: 'Sharing is switched off in the settings. Nothing is captured.',
  levels: [
    'when cells ran, how long, and how large they are',
    'when cells ran, how long, whether they failed, and the error’s name',
    'what cells you ran (source), how they ended, and error messages',
    'what cells you ran (source), how they ended, error messages, and outputs',
    'what cells you ran (source), how they ended, error messages, outputs, and edits',
  ],
  gaps: {
    server: 'the server’s address',
    code: 'the join code',
    name: 'your name',
    email: 'a valid e-mail address',
  } satisfies Record<SettingsGap, string>,
  missing: (list: string) => `To join a class, set ${list}.`,
  problems: {
    unreachable: 'The server does not answer. Everything is kept and sent later.',
    not_lectern: 'Something else than Lectern answers at this address. Everything is kept and sent later.',
    code_invalid: 'The join code is not valid. Check it with your instructor.',
    class_ended: 'The class has ended.',
    overloaded: 'The server has more than it can take just now. Everything is kept and sent later.',
    rate_limited: 'Too many requests. Lectern waits and tries again.',
    storage_blocked: 'The browser’s storage failed. Lectern tries again.',
  } as Readonly<Record<string, string>>,
  otherProblem: (code: string) => `The server answered: ${code}. Lectern tries again.`,
}

const JA: typeof EN = {
  off: 'Lectern: オフ',
  unset: 'Lectern: 未参加',
  joining: 'Lectern: 参加中 …',
  joined: 'Lectern',
  sent: (n) => `送信済み ${n}`,
  waiting: (n) => `待機中 ${n}`,
  refused: (n) => `拒否 ${n}`,
  offline: 'オフライン',
  memory: '保存なし',
  helpAsk: '質問する',
  helpOpen: '質問を取り下げ',
  helpWithdraw: '質問を取り下げる',
  helpNotJoined: '質問するには、まずクラスに参加してください',
  helpSentence: '何に困っていますか（任意）',
  helpSend: '質問する',
  cancel: 'キャンセル',
  close: '閉じる',
  openSettings: '設定',
  details: 'Lectern: 送信の状況',
  consent: 'Lectern: 共有する内容',
  consentTitle: (name) => `「${name}」での収集について`,
  consentMore: 'クラスは、これまでの同意より多くの内容の収集を求めています。同意するまで、これ以上は収集されません。',
  consentWho: (days) =>
    `クラスの教員とアシスタントが、あなたの名前とともに見ます。コードを見た記録はあなたも確認できます。クラス終了の${days}日後に削除されます。回答はいつでも変更できます。`,
  consentChoice: '収集してよい内容',
  consentAsked: 'クラスが求める内容',
  consentNothing: '何も共有しない（質問はできます）',
  consentResearch: '研究者にも、研究者だけが知る仮名で提供してよい。',
  consentSave: '回答を保存',
  consentLater: 'あとで',
  consentUnknown: 'クラスが求める内容をサーバーからまだ受け取っていません。接続後にもう一度お試しください。',
  sharesNothing: 'クラスには何も共有していません。質問はできます。',
  title: 'Lectern',
  klass: 'クラス',
  name: '名前',
  server: 'サーバー',
  collects: '収集する内容',
  sentLabel: '送信済み',
  waitingLabel: '送信待ち',
  elsewhereLabel: '以前の参加分の送信待ち',
  refusedLabel: 'サーバーが拒否',
  lastRefusal: '最後の理由',
  connection: '接続',
  live: '接続中',
  byPost: '常時接続なし（まとめて送信しています）',
  problem: '問題',
  storageMemory: 'このブラウザーでは保存が許可されていません。未送信の内容は、このページを閉じると失われます。',
  offLong: '設定で共有がオフになっています。何も記録されません。',
  levels: [
    'セルの実行時刻・実行時間・大きさ',
    'セルの実行時刻・実行時間・成否・エラー名',
    '実行したソースコード・成否・エラーメッセージ',
    '実行したソースコード・成否・エラーメッセージ・出力',
    '実行したソースコード・成否・エラーメッセージ・出力・編集の記録',
  ],
  gaps: { server: 'サーバーのアドレス', code: '参加コード', name: '名前', email: '正しいメールアドレス' },
  missing: (list) => `クラスに参加するには、${list}を設定してください。`,
  problems: {
    unreachable: 'サーバーが応答しません。内容は保存され、後で送信されます。',
    not_lectern: 'このアドレスでは Lectern 以外が応答しています。内容は保存され、後で送信されます。',
    code_invalid: '参加コードが正しくありません。担当の先生に確認してください。',
    class_ended: 'クラスは終了しました。',
    overloaded: 'サーバーが混み合っています。内容は保存され、後で送信されます。',
    rate_limited: 'リクエストが多すぎます。しばらく待って再試行します。',
    storage_blocked: 'ブラウザーの保存領域でエラーが起きました。再試行します。',
  },
  otherProblem: (code) => `サーバーの応答: ${code}。再試行します。`,
}

/** Every text that a student sees. */
export type Texts = typeof EN

/** The texts in the language that JupyterLab shows (`ja`, `ja_JP`, `en`, …). */
export function textsFor(language: string): Texts {
  return /^ja\b|^ja_/i.test(language) ? JA : EN
}

/** What a student is told about a problem. */
export function problemText(texts: Texts, code: string): string {
  return Object.hasOwn(texts.problems, code) ? (texts.problems[code] ?? '') : texts.otherProblem(code)
}

/** What is missing before a class can be joined, as one sentence. */
export function gapsText(texts: Texts, gaps: readonly SettingsGap[]): string {
  return texts.missing(gaps.map((gap) => texts.gaps[gap]).join(texts === JA ? '、' : ', '))
}

const OFFLINE = new Set(['unreachable', 'not_lectern'])

/** The line of the status bar. */
export function statusLine(texts: Texts, status: Status, gaps: readonly SettingsGap[]): string {
  if (status.state === 'off') return gaps.length > 0 ? texts.unset : texts.off
  const parts = [status.state === 'joined' ? texts.joined : texts.joining]
  const { join, problem } = status
  if (join) parts.push(texts.sent(join.sent))
  const waiting = status.waiting + status.waitingElsewhere
  if (waiting > 0) parts.push(texts.waiting(waiting))
  if (join && join.refused > 0) parts.push(texts.refused(join.refused))
  if (problem) parts.push(OFFLINE.has(problem.code) ? texts.offline : '⚠')
  if (status.storage === 'memory') parts.push(`⚠ ${texts.memory}`)
  return parts.join(' · ')
}
