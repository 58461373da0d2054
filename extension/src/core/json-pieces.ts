/** A line of JSON for reading: how deep it stands, and its letters. */
export interface JsonPiece {
  readonly depth: number
  readonly text: string
}

// A text, or one of the marks at which a line begins or ends.
const MARKS = /"(?:[^"\\]|\\.)*"|[{}[\],]/g

/** JSON text in lines: one member each. Put together again they are the text, letter by letter. */
export function jsonPieces(json: string): JsonPiece[] {
  const pieces: JsonPiece[] = []
  let depth = 0
  let from = 0
  const cut = (to: number) => {
    if (to > from) pieces.push({ depth, text: json.slice(from, to) })
    from = to
  }
  for (const { 0: mark, index } of json.matchAll(MARKS)) {
    if (mark === ',') cut(index + 1)
    else if (mark === '{' || mark === '[') {
      cut(index + 1)
      depth += 1
    } else if (mark === '}' || mark === ']') {
      cut(index)
      depth -= 1
    }
  }
  cut(json.length)
  return pieces
}
