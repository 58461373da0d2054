/** One's own data, in English. */
export const ownEn = {
  title: 'My data',
  views: 'Who looked at what I wrote',
  viewsNone: 'Nobody has looked yet.',
  what: {
    code_viewed: 'looked at your code',
    events_read: 'read the events of the class',
    exported: 'took out the data of the class',
  } as Readonly<Record<string, string>>,
  reload: 'Look again',
  copy: 'A copy',
  download: 'Download all of it',
  downloadHint: 'Everything that the class has of you, as text: one event a line.',
  end: 'Deletion',
  endHint: 'Everything is removed for good, and you leave the class.',
  erase: 'Delete all of it …',
  eraseTitle: (name: string) => `Delete everything that “${name}” has of you?`,
  eraseText:
    'Events, code, messages, your name and your answers are removed for good within a minute, from backups too. You leave the class. This can not be undone.',
  eraseWaiting: (n: number) => `${n} ${n === 1 ? 'event' : 'events'} that still wait here are deleted as well.`,
  eraseType: (word: string) => `Type ${word} to confirm`,
  eraseWord: 'delete',
  eraseSubmit: 'Delete for good',
  cancel: 'Cancel',
  erased: (n: number) => `Everything was deleted: ${n} events. You are in this class no more.`,
  notJoined: 'You are in no class.',
}
