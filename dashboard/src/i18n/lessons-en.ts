/** Lessons, their reports, and taking along what is on the screen, in English (ICU MessageFormat). */
export const lessonsEn = {
  takeOut: {
    button: 'Take out',
    csv: 'Table (CSV)',
    csvText: 'for a spreadsheet',
    json: 'Data (JSON)',
    jsonText: 'for programs',
    print: 'Print or PDF',
    printText: 'on A4',
  },
}
