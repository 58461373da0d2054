import type { joinEn } from './join-en.ts'

/** Joining a class, in Japanese. */
export const joinJa: typeof joinEn = {
  gaps: { server: 'サーバーのアドレス', code: '参加コード', name: '名前', email: '正しいメールアドレス' },
  and: '、',
  missing: (list) => `クラスに参加するには、${list}を設定してください。`,
}
