import type { Messages } from './en.ts'

/** What the plan of the room says, in Japanese (ICU MessageFormat). */
export const roomJa: Messages['room'] = {
  title: '教室',
  seats: '座席',
  front: '教室の前方',
  provisional: 'まだ座席が決まっていません。チームと名前の順に並べて表示しています。',
  arrange: '座席を配置',
  done: '完了',
  undo: '元に戻す',
  seatAll: '全員を列に並べる',
  picture: '教室の図',
  upload: '画像を選ぶ',
  replace: '別の画像を選ぶ',
  remove: '画像を外す',
  undoPicture: '前の画像に戻す',
  uploadText: 'PNG、JPEG、WebP（8 MB まで）。撮影場所や機器の情報は取り除かれます。',
  working: '画像を処理しています…',
  waiting: '{n, plural, =0 {全員の座席が決まっています} other {座席のない学生 {n}人}}',
  keys: '図の上にドラッグします。または Enter で置き、矢印キーで動かします（Shift で大きく）。Delete で外します。',
  put: '{name}さんの座席を決める',
  putTeam: 'チーム「{name}」の場所を決める',
  way: '回る順番',
  wayEmpty: '待っている人はいません。',
}
