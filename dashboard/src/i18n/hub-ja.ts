import type { hubEn } from './hub-en.ts'

/** Who of the JupyterHub joins without a code, in Japanese. */
export const hubJa: typeof hubEn = {
  title: 'JupyterHub の学生',
  text: '選ばれた人は、コードなしで、Hub が示す本人として参加できます。',
  nobody: 'コードが必要',
  everyone: '全員',
  groups: 'グループ',
  names: 'Hub のグループ',
  namesHint: 'Hub での名前を、カンマで区切って入力します。',
  namesFault: 'グループを一つ以上入力してください。',
}
