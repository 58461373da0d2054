import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { Icon } from '../parts/icons.tsx'
import { COLUMNS } from './columns.ts'

interface ColumnChoiceProps {
  readonly hidden: readonly string[]
  readonly onChange: (hidden: readonly string[]) => void
}

/** Which columns the list shows, as far as it is wide enough for them. */
export function ColumnChoice({ hidden, onChange }: ColumnChoiceProps) {
  const t = useTranslations('wall')
  return (
    <DialogTrigger>
      <Button className="button icon-only wide-only" aria-label={t('chooseColumns')}>
        <Icon name="settings" />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Dialog className="dialog column-choice" aria-label={t('chooseColumns')}>
          {COLUMNS.filter(({ isFixed }) => isFixed === undefined).map(({ name }) => (
            <label key={name} className="check">
              <input
                type="checkbox"
                checked={!hidden.includes(name)}
                onChange={({ target }) =>
                  onChange(target.checked ? hidden.filter((one) => one !== name) : [...hidden, name])
                }
              />
              {t(`columns.${name}`)}
            </label>
          ))}
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}
