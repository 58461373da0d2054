import type { SettingsGap } from '../core/settings.ts'

/** Joining and leaving a class, in English. */
export const joinEn = {
  command: 'Lectern: join a class …',
  title: 'Join a class',
  intro: 'Your instructor has the code. Before anything of your work is collected you are asked what you agree to.',
  code: 'Join code, or the link that you were given',
  server: 'Address of the server',
  name: 'Your name, as the class knows you',
  email: 'E-mail address (optional)',
  emailHint: 'With it you stay the same student on another computer.',
  team: 'Team or seat (optional)',
  submit: 'Join',
  cancel: 'Cancel',
  gaps: {
    server: 'the server’s address',
    code: 'the join code',
    name: 'your name',
    email: 'a valid e-mail address',
  } satisfies Record<SettingsGap, string>,
  and: ', ',
  missing: (list: string) => `To join a class, this is still missing: ${list}.`,
  button: 'Join a class …',
  other: 'Join another class …',
  answer: 'Answer …',
  unanswered: (name: string) =>
    `“${name}” asks what it may see of your work. Nothing is collected or sent before you answer.`,
  asking: 'Asking the server what the class collects …',
  again: 'Try again',
  leave: 'Leave on this computer …',
  leaveTitle: (name: string) => `Leave “${name}” on this computer?`,
  leaveText:
    'Nothing more is captured or sent from here. What the class already has stays there; “My data” deletes it.',
  leaveWaiting: (n: number) =>
    `${n} ${n === 1 ? 'event has' : 'events have'} not been sent yet. They stay in this browser and are sent if you come back.`,
  leaveSubmit: 'Leave',
  left: 'You left this class on this computer. Nothing is captured or sent.',
  back: 'Come back',
}
