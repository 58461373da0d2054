/** What a student is told about problems, by code, in English. */
export const problemsEn = {
  byCode: {
    unreachable: 'The server does not answer. Everything is kept and sent later.',
    not_lectern: 'Something else than Lectern answers at this address. Everything is kept and sent later.',
    code_invalid: 'The join code is not valid. Check it with your instructor.',
    class_ended: 'The class has ended.',
    overloaded: 'The server has more than it can take just now. Everything is kept and sent later.',
    rate_limited: 'Too many requests. Lectern waits and tries again.',
    storage_blocked: 'The browser’s storage failed. Lectern tries again.',
    storage_full: 'Too much is waiting to be sent. Lectern keeps no more until the server can be reached.',
  } as Readonly<Record<string, string>>,
  shrunk: (count: number) => `Much is waiting: ${count} runs are sent without their outputs.`,
  expired: (count: number) => `${count} events waited for more than 30 days and were given up.`,
  heldBack: (count: number) => `${count} events are kept in memory only, and are lost when this page is closed.`,
  missed: (count: number) => `${count} events could not be kept and are missing.`,
  other: (code: string) => `The server answered: ${code}. Lectern tries again.`,
}
