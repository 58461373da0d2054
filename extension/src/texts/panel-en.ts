/** The side panel, in English. */
export const panelEn = {
  title: 'Lectern',
  open: 'Lectern: open the panel',
  openSettings: 'Settings',
  klassTitle: 'Class',
  klass: 'Class',
  name: 'Your name',
  server: 'Server',
  collects: 'Collected',
  sent: 'Sent',
  waiting: 'Waiting to be sent',
  elsewhere: 'Waiting from earlier joins',
  refused: 'Refused by the server',
  lastRefusal: 'Last reason',
  connection: 'Connection',
  live: 'open',
  byPost: 'no open line; events are sent one batch at a time',
  problem: 'Problem',
  storageMemory:
    'This browser does not let Lectern keep anything. What has not been sent is lost when this page closes.',
  offLong: 'Sharing is switched off in the settings. Nothing is captured.',
}
