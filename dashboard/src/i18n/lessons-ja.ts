import type { Messages } from './en.ts'

/** Lessons, their reports, and taking along what is on the screen, in Japanese (ICU MessageFormat). */
export const lessonsJa: Pick<Messages, 'takeOut'> = {
  takeOut: {
    button: '取り出す',
    csv: '表（CSV）',
    csvText: '表計算ソフト用',
    json: 'データ（JSON）',
    jsonText: 'プログラム用',
    print: '印刷・PDF',
    printText: 'A4 用紙',
  },
}
