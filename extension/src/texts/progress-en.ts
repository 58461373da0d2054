/** One's own progress, in English. */
export const progressEn = {
  title: 'My progress',
  none: 'Open a notebook and run a cell, and its cells stand here.',
  summary: (done: number, cells: number) => `${done} of ${cells} cells done`,
  state: { done: 'done', failing: 'failing', tried: 'tried', open: 'not run yet' },
  cell: (n: number, state: string) => `Cell ${n}: ${state}`,
  legend: 'Colours',
  class: 'The class',
  band: (low: number, high: number, students: number) =>
    low === high
      ? `Half of the ${students} students have done about ${low} cells.`
      : `The middle half of the ${students} students has done ${low} to ${high} cells.`,
  me: (done: number) => `You have done ${done}.`,
}
