/** The question what may be collected, in English. */
export const consentEn = {
  command: 'Lectern: what I share',
  title: (name: string) => `What “${name}” may collect`,
  more: 'Your class asks for more than you agreed to. Nothing more is collected before you agree.',
  who: (days: number) =>
    `Instructors and assistants of the class see it under your name; each look at your code is noted for you. It is removed ${days} days after the class has ended. You can change your answer at any time.`,
  choice: 'What may be collected?',
  asked: 'what the class asks',
  nothing: 'nothing: I do not share (asking for help still works)',
  research: 'Researchers may also get it, under a pseudonym that only they know.',
  save: 'Save the answer',
  later: 'Later',
  unknown: 'The server has not yet said what the class asks. Try again when the line is open.',
  sharesNothing: 'You share nothing with the class; asking for help still works.',
  levels: [
    'when cells ran, how long, and how large they are',
    'when cells ran, how long, whether they failed, and the error’s name',
    'what cells you ran (source), how they ended, and error messages',
    'what cells you ran (source), how they ended, error messages, and outputs',
    'what cells you ran (source), how they ended, error messages, outputs, and edits',
  ],
}
