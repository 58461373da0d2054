import type { SettingsGap } from '../core/settings.ts'

/** Joining a class, in English. */
export const joinEn = {
  gaps: {
    server: 'the server’s address',
    code: 'the join code',
    name: 'your name',
    email: 'a valid e-mail address',
  } satisfies Record<SettingsGap, string>,
  and: ', ',
  missing: (list: string) => `To join a class, set ${list}.`,
}
