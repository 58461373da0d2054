import type { Messages } from './en.ts'

/** What the wall, the list, the teams and the room say, in Japanese (ICU MessageFormat). */
export const wallJa: Messages['wall'] = {
  spark: '直近{minutes}分間の実行{runs}回、うち失敗{failures}回',
  columns: {
    need: '状態',
    name: '名前',
    team: 'チーム',
    seat: '座席',
    notebook: 'ノートブック',
    cell: 'セル',
    recent: '直近の動き',
    runs: '実行',
    failures: '失敗',
    seen: '最後の操作',
  },
  teams: 'チーム',
  noTeam: 'チームなし',
  teamSize: '{n}人',
  teamOf: '{name}の学生',
  teamCalm: '助けが必要な人はいません',
  openAll: 'すべて開く',
  closeAll: 'すべて閉じる',
  chooseColumns: '表示する列',
  error: 'エラー',
  allTeams: 'すべてのチーム',
  allNotebooks: 'すべてのノートブック',
  allErrors: 'すべてのエラー',
}
