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
  } as Readonly<Record<string, string>>,
  other: (code: string) => `The server answered: ${code}. Lectern tries again.`,
}
