/** What the wall, the list, the teams and the room say, in English (ICU MessageFormat). */
export const wallEn = {
  spark: '{runs, plural, =0 {no runs} one {# run} other {# runs}}, {failures} failed in the last {minutes} minutes',
  columns: {
    need: 'Needs',
    name: 'Name',
    team: 'Team',
    seat: 'Seat',
    notebook: 'Notebook',
    cell: 'Cell',
    recent: 'Last minutes',
    runs: 'Runs',
    failures: 'Failed',
    seen: 'Last active',
  },
  chooseColumns: 'Columns',
  error: 'Error',
  allTeams: 'All teams',
  allNotebooks: 'All notebooks',
  allErrors: 'All errors',
}
