/** Asking for help, in English. */
export const helpEn = {
  ask: 'Ask for help',
  open: 'Withdraw request',
  withdraw: 'Withdraw the request for help',
  notJoined: 'Join a class first, to ask for help',
  sentence: 'What do you need help with? (optional)',
  send: 'Ask',
  cancel: 'Cancel',
}
