/** Asking for help, in English. */
export const helpEn = {
  title: 'Help',
  ask: 'Ask for help',
  withdraw: 'Withdraw the request for help',
  withdrawShort: 'Withdraw',
  notJoined: 'Join a class first, to ask for help',
  sentence: 'What do you need help with? (optional)',
  send: 'Ask',
  cancel: 'Cancel',
  carries: 'Your instructors see the notebook, the cell and the error you are at.',
  onItsWay: 'Asked; waiting for the server',
  next: 'You are next',
  place: (n: number) => `You are number ${n} in the queue`,
  coming: (name: string) => `${name} is coming`,
  since: (time: string) => `Asked at ${time}`,
  offer: (error: string) => `${error} came three times in this cell. Would you like to ask for help?`,
}
