/** The line of the status bar, in English. */
export const statusEn = {
  off: 'Lectern: off',
  unset: 'Lectern: not joined',
  joining: 'Lectern: joining …',
  joined: 'Lectern',
  sent: (n: number) => `${n} sent`,
  waiting: (n: number) => `${n} waiting`,
  refused: (n: number) => `${n} refused`,
  offline: 'offline',
  memory: 'not kept',
}
