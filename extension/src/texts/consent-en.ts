/** The question what may be collected, in English. */
export const consentEn = {
  command: 'Lectern: what I share',
  title: (name: string) => `What may “${name}” see of your work?`,
  first: 'Nothing of your work has been collected or sent yet. You decide, and you can change your answer at any time.',
  more: 'Your class asks for more than you agreed to. Nothing more is collected before you agree.',
  why: 'Why',
  whyText: 'So that your instructors see who is stuck, on which cell, and can come to help while it still helps.',
  who: 'Who sees it',
  whoText:
    'Instructors and assistants of the class, under your name, and the administrators of the server. You can read who looked at your code.',
  keep: 'How long',
  keepText: (days: number) =>
    `It is removed ${days} days after the class has ended. You can delete it yourself before.`,
  where: 'Where it goes',
  whereText: (server: string, who: string) => `To ${server}, with what you typed (${who}), and nowhere else.`,
  choice: 'What may be collected?',
  asked: 'the class asks for this',
  levels: [
    {
      name: 'Times and sizes',
      text: 'Which notebook is open; when cells ran, changed, came and went; how long runs took, how large code and output were.',
    },
    {
      name: 'Up to results',
      text: 'Whether a run failed, the name of the error, the state of the kernel, and whether you are active.',
    },
    { name: 'Up to code', text: 'The code that you ran, and the text of errors.' },
    { name: 'Up to output', text: 'What your code printed and showed.' },
    { name: 'Up to edits', text: 'Each change that you make to a cell between two runs.' },
  ],
  nothing: {
    name: 'Nothing',
    text: 'The class sees only that you do not share. Asking for help still works.',
  },
  research: 'Researchers may have it too, under a pseudonym and without my name.',
  save: 'Save my answer',
  later: 'Not now',
  unknown: 'The server has not yet said what the class asks. Try again when the line is open.',
  sharesNothing: 'Nothing. Asking for help still works.',
}
