import { FieldError, Label, Text, TextArea, TextField } from 'react-aria-components'

interface AreaFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly rows?: number
  readonly maxLength?: number
  readonly hint?: string | undefined
  readonly placeholder?: string
  readonly autoFocus?: boolean
  /** For source code: of one width, and not corrected. */
  readonly isCode?: boolean
  /** Ctrl or Command with Enter. */
  readonly onDone?: () => void
}

/** A labelled field of several lines. */
export function AreaField(props: AreaFieldProps) {
  const { label, hint, rows = 4, maxLength, placeholder, isCode = false, onDone, ...field } = props
  return (
    <TextField className="field area" {...field}>
      <Label>{label}</Label>
      <TextArea
        rows={rows}
        className={isCode ? 'code' : ''}
        spellCheck={!isCode}
        {...(maxLength === undefined ? {} : { maxLength })}
        {...(placeholder === undefined ? {} : { placeholder })}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onDone?.()
        }}
      />
      {hint !== undefined && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <FieldError className="field-error" />
    </TextField>
  )
}
