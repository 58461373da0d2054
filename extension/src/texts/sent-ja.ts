import type { sentEn } from './sent-en.ts'

/** What was sent, in Japanese. */
export const sentJa: typeof sentEn = {
  title: '送信した内容',
  figures: { sent: '送信済み', waiting: '待機中', refused: '拒否' },
  intro: 'このブラウザーから出た記録を、新しい順にそのまま示します。開くと送信された文面を読めます。',
  none: 'このブラウザーからは、まだ何も送信されていません。',
  kept: '最新の 2,000 件を、このブラウザーの中だけに残しています。',
  more: '古いものも表示',
  waitingTitle: '送信待ち',
  sentTitle: '送信済み',
  states: {
    waiting: '送信待ち',
    sent: '送信済み、応答待ち',
    stored: 'サーバーに保存',
    duplicate: 'サーバーに保存',
    refused: 'サーバーが拒否',
  },
  reasons: {
    not_shared: '共有していないため',
    class_ended: 'クラスが終了したため',
    event_too_large: '大きすぎるため',
    invalid_event: '解釈できなかったため',
    unknown_type: '未知の種類のため',
  },
  types: {
    session_started: 'JupyterLab を開いた',
    session_ended: 'ページを離れた',
    notebook_opened: 'ノートブックを開いた',
    notebook_saved: 'ノートブックを保存',
    notebook_closed: 'ノートブックを閉じた',
    cell_executed: 'セルを実行',
    cell_added: 'セルを追加',
    cell_removed: 'セルを削除',
    cell_edited: 'セルを編集',
    kernel_status: 'カーネルの状態',
    presence: '作業中・離席',
    help_requested: '質問した',
    help_withdrawn: '質問を取り下げた',
  },
}
