import { useState, type ReactNode } from 'react'
import {
  FieldError,
  Input,
  Label,
  Radio,
  RadioGroup,
  Text,
  TextField,
  ToggleButton,
  ToggleButtonGroup,
} from 'react-aria-components'
import type { CollectionLevel } from '@lectern/protocol'
import { useTranslations } from 'use-intl'

interface FieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly type?: 'text' | 'email' | 'password'
  readonly autoComplete?: string
  readonly hint?: ReactNode
  readonly isRequired?: boolean
  readonly autoFocus?: boolean
  readonly maxLength?: number
  readonly placeholder?: string
  readonly inputMode?: 'numeric'
}

/** A labelled line to type in. */
export function Field({
  label,
  hint,
  type = 'text',
  autoComplete,
  placeholder,
  maxLength,
  inputMode,
  ...field
}: FieldProps) {
  return (
    <TextField className="field" type={type} {...field}>
      <Label>{label}</Label>
      <Input
        autoComplete={autoComplete ?? 'off'}
        {...(placeholder === undefined ? {} : { placeholder })}
        {...(inputMode === undefined ? {} : { inputMode })}
        {...(maxLength === undefined ? {} : { maxLength })}
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

/** A password with a way to look at it. */
export function PasswordField({ hint, ...props }: Omit<FieldProps, 'type'>) {
  const t = useTranslations('account')
  const [shown, setShown] = useState(false)
  return (
    <div className="password">
      <Field {...props} hint={hint} type={shown ? 'text' : 'password'} />
      <label className="check">
        <input type="checkbox" checked={shown} onChange={({ target }) => setShown(target.checked)} />
        {t('show')}
      </label>
    </div>
  )
}

interface ChoiceProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly options: readonly { readonly id: T; readonly text: string; readonly lang?: string }[]
  readonly onChange: (value: T) => void
}

/** One of a few, side by side. */
export function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  return (
    <ToggleButtonGroup
      className="choice"
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const chosen = options.find(({ id }) => keys.has(id))
        if (chosen) onChange(chosen.id)
      }}
    >
      {options.map(({ id, text, lang }) => (
        <ToggleButton key={id} id={id} className="choice-option">
          <span lang={lang}>{text}</span>
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}

const LEVELS = [0, 1, 2, 3, 4] as const

interface LevelFieldProps {
  readonly value: CollectionLevel
  readonly onChange: (level: CollectionLevel) => void
}

/** The collection level of a class, with what each one shows (SPEC LVL-1). */
export function LevelField({ value, onChange }: LevelFieldProps) {
  const t = useTranslations('level')
  return (
    <RadioGroup
      className="field levels"
      value={String(value)}
      onChange={(chosen) => onChange(LEVELS.find((level) => String(level) === chosen) ?? value)}
    >
      <Label>{t('title')}</Label>
      {LEVELS.map((level) => (
        <Radio key={level} value={String(level)} className="level">
          <span className="level-dot" aria-hidden="true" />
          <span>
            <strong>{t(`l${level}`)}</strong> <span className="muted">{t(`l${level}text`)}</span>
          </span>
        </Radio>
      ))}
      <Text slot="description" className="hint">
        {t('hint')}
      </Text>
    </RadioGroup>
  )
}
