import type { Messages } from './en.ts'

/** What the frame around the views of a class says, in Japanese (ICU MessageFormat). */
export const shellJa: Messages['shell'] = {
  navigation: 'クラスの画面',
  more: 'その他',
  waiting: '件待ち',
  noView: 'この画面はないか、見る権限がありません。',
  toFirst: 'クラスへ',
  views: {
    wall: 'ウォール',
    list: '一覧',
    teams: 'チーム',
    room: '教室',
    help: 'ヘルプ',
    errors: 'エラー',
    progress: '進み具合',
    replay: '再生',
    talk: '連絡',
    lessons: '授業',
    people: '参加者',
    whole: '概要',
    student: '学生',
    settings: '設定',
  },
}
