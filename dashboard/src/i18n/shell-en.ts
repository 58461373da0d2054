/** What the frame around the views of a class says, in English (ICU MessageFormat). */
export const shellEn = {
  navigation: 'Views of the class',
  more: 'More',
  waiting: 'waiting',
  noView: 'There is no such view, or you may not see it.',
  toFirst: 'To the class',
  /** Titles of the views; each is also what its key does in the sheet of keys. */
  views: {
    wall: 'Wall',
    list: 'List',
    teams: 'Teams',
    room: 'Room',
    help: 'Help',
    errors: 'Errors',
    progress: 'Progress',
    replay: 'Replay',
    talk: 'Talk',
    lessons: 'Lessons',
    people: 'People',
    whole: 'Overview',
    student: 'Student',
    settings: 'Settings',
  },
}
