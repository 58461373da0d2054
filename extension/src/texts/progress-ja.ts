import type { progressEn } from './progress-en.ts'

/** One's own progress, in Japanese. */
export const progressJa: typeof progressEn = {
  title: '自分の進み具合',
  none: 'ノートブックを開いてセルを実行すると、ここに表示されます。',
  summary: (done, cells) => `${cells} セル中 ${done} セル完了`,
  state: { done: '完了', failing: 'エラー', tried: '実行済み', open: '未実行' },
  cell: (n, state) => `セル ${n}: ${state}`,
  legend: '色の意味',
  class: 'クラス全体',
  band: (low, high, students) =>
    low === high
      ? `${students} 人の中ほどの人は、約 ${low} セルを完了しています。`
      : `${students} 人の中ほど半数は、${low}〜${high} セルを完了しています。`,
  me: (done) => `あなたは ${done} セルです。`,
}
