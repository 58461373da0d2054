import { useTranslations } from 'use-intl'
import { Icon } from '../parts/icons.tsx'

const PASSWORD_CHARS = 12

/** How much is missing of a password that is long enough. */
export function PasswordRule({ length }: { readonly length: number }) {
  const t = useTranslations('account')
  if (length === 0) return t('rule', { n: PASSWORD_CHARS })
  if (length < PASSWORD_CHARS) return t('left', { n: PASSWORD_CHARS - length })
  return (
    <span className="good">
      <Icon name="check" />
      {t('enough')}
    </span>
  )
}
