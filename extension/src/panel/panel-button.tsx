import type { JSX } from 'react'

interface Props {
  readonly label: string
  readonly onClick: () => void
  /** What a person most likely came for. */
  readonly primary?: boolean
  /** Something that can not be undone. */
  readonly danger?: boolean
  readonly disabled?: boolean
}

/** A button of the panel. */
export function PanelButton({ label, onClick, primary, danger, disabled }: Props): JSX.Element {
  const kind = primary ? ' lectern-primary' : danger ? ' lectern-danger' : ''
  return (
    <button type="button" className={`lectern-button${kind}`} onClick={onClick} disabled={disabled}>
      {label}
    </button>
  )
}
