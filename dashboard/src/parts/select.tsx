import { useId } from 'react'

interface SelectProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly options: readonly { readonly id: T; readonly text: string }[]
  readonly onChange: (value: T) => void
  /** The label is said to screen readers only. */
  readonly isLabelHidden?: boolean
  readonly isDisabled?: boolean
}

/** One of several, chosen in the way of the machine, also on a phone. */
export function Select<T extends string>(props: SelectProps<T>) {
  const { label, value, options, onChange, isLabelHidden = false, isDisabled = false } = props
  const id = useId()
  return (
    <div className="field select">
      <label htmlFor={id} className={isLabelHidden ? 'off-screen' : ''}>
        {label}
      </label>
      <select
        id={id}
        value={value}
        disabled={isDisabled}
        onChange={({ target }) => {
          const chosen = options.find((one) => one.id === target.value)
          if (chosen) onChange(chosen.id)
        }}
      >
        {options.map((one) => (
          <option key={one.id} value={one.id}>
            {one.text}
          </option>
        ))}
      </select>
    </div>
  )
}
