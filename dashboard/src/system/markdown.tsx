import type { ReactNode } from 'react'

type Piece =
  | { kind: 'heading'; level: number; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'list'; items: string[] }
  | { kind: 'code'; text: string }
  | { kind: 'table'; rows: string[][] }

const cellsOf = (line: string): string[] =>
  line
    .slice(1, line.lastIndexOf('|'))
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'))

function pieceOf(block: string): Piece {
  const lines = block.split('\n')
  const heading = /^(#{1,3}) (.*)$/.exec(block)
  if (heading) return { kind: 'heading', level: heading[1]?.length ?? 1, text: heading[2] ?? '' }
  if (block.startsWith('```')) return { kind: 'code', text: lines.slice(1, -1).join('\n') }
  if (block.startsWith('|'))
    return { kind: 'table', rows: lines.filter((line) => !/^[|\s-]+$/.test(line)).map(cellsOf) }
  if (lines.every((line) => line.startsWith('- '))) return { kind: 'list', items: lines.map((line) => line.slice(2)) }
  return { kind: 'text', text: block }
}

/** The Markdown of the server's own report: headings, paragraphs, lists, tables, code. Everything is text; no HTML gets through. */
export function Markdown({ text }: { readonly text: string }): ReactNode {
  const pieces = text
    .trim()
    .split(/\n{2,}/)
    .map(pieceOf)
  return pieces.map((piece, index) => {
    const key = `${index} ${piece.kind}`
    if (piece.kind === 'heading')
      return piece.level === 1 ? <h2 key={key}>{piece.text}</h2> : <h3 key={key}>{piece.text}</h3>
    if (piece.kind === 'code') return <pre key={key}>{piece.text}</pre>
    if (piece.kind === 'list') {
      return (
        <ul key={key} className="plain-list">
          {piece.items.map((item) => (
            <li key={item}>{item}</li>
          ))}
        </ul>
      )
    }
    if (piece.kind === 'text') return <p key={key}>{piece.text.replace(/^\*\*(.*)\*\*$/, '$1')}</p>
    const [head = [], ...rows] = piece.rows
    return (
      <div key={key} className="table-scroll">
        <table>
          <thead>
            <tr>
              {head.map((cell, column) => (
                <th key={`${column} ${cell}`} scope="col">
                  {cell}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.join(' ')}>
                {row.map((cell, column) => (
                  <td key={`${column} ${cell}`}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    )
  })
}
