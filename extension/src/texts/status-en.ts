/** The line of the status bar, in English. */
export const statusEn = {
  off: 'Lectern: off',
  incomplete: 'Lectern: not joined',
  left: 'Lectern: not joined',
  unanswered: 'Lectern: your answer is needed',
  joining: 'Lectern: joining …',
  joined: 'Lectern',
  notSharing: 'Lectern: not sharing',
  paused: 'Lectern: paused',
  pausedUntil: (time: string) => `Lectern: paused until ${time}`,
  sent: (n: number) => `${n} sent`,
  waiting: (n: number) => `${n} waiting`,
  refused: (n: number) => `${n} refused`,
  offline: 'offline',
  memory: 'not kept',
}
