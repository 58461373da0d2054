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
  return (
    <label className="field select">
      <span className={isLabelHidden ? 'off-screen' : ''}>{label}</span>
      <select
        value={value}
        disabled={isDisabled}
        onChange={({ target }) => {
          const chosen = options.find(({ id }) => id === target.value)
          if (chosen) onChange(chosen.id)
        }}
      >
        {options.map(({ id, text }) => (
          <option key={id} value={id}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}
