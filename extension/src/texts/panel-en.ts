/** The side panel, in English. */
export const panelEn = {
  title: 'Lectern',
  open: 'Lectern: open the panel',
  openSettings: 'Settings',
  klass: 'Class',
  name: 'Your name',
  server: 'Server',
  connection: 'Connection',
  live: 'open',
  byPost: 'no open line; events are sent in batches',
  connecting: 'joining …',
  elsewhere: (n: number) => `${n} ${n === 1 ? 'event' : 'events'} of earlier joins still wait in this browser.`,
  storageMemory:
    'This browser does not let Lectern keep anything. What has not been sent is lost when this page closes.',
  offLong: 'Sharing is switched off in the settings. Nothing is captured.',
  pause: {
    title: 'Pause',
    text: 'While paused nothing is captured. Others see that nothing comes from you.',
    quarter: '15 minutes',
    hour: '1 hour',
    open: 'Until I resume',
    paused: 'Paused. Nothing is captured.',
    pausedUntil: (time: string) => `Paused until ${time}. Nothing is captured.`,
    resume: 'Resume',
    command: 'Lectern: pause',
    commandResume: 'Lectern: resume',
  },
}
