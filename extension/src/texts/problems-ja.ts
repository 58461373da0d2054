import type { problemsEn } from './problems-en.ts'

/** What a student is told about problems, by code, in Japanese. */
export const problemsJa: typeof problemsEn = {
  byCode: {
    unreachable: 'サーバーが応答しません。内容は保存され、後で送信されます。',
    not_lectern: 'このアドレスでは Lectern 以外が応答しています。内容は保存され、後で送信されます。',
    code_invalid: '参加コードが正しくありません。担当の先生に確認してください。',
    class_ended: 'クラスは終了しました。',
    overloaded: 'サーバーが混み合っています。内容は保存され、後で送信されます。',
    rate_limited: 'リクエストが多すぎます。しばらく待って再試行します。',
    storage_blocked: 'ブラウザーの保存領域でエラーが起きました。再試行します。',
    storage_full: '未送信の内容が多すぎます。サーバーにつながるまで、これ以上は記録できません。',
  },
  shrunk: (count) => `未送信の内容が多いため、${count} 件の実行は出力なしで送信されます。`,
  expired: (count) => `30 日以上送信できなかった ${count} 件は破棄されました。`,
  heldBack: (count) => `${count} 件はメモリーにだけ保存されていて、このページを閉じると失われます。`,
  missed: (count) => `${count} 件は保存できず、失われました。`,
  other: (code) => `サーバーの応答: ${code}。再試行します。`,
}
