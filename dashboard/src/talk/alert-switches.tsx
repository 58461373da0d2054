import { useState } from 'react'
import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { Icon } from '../parts/icons.tsx'
import { ALERTS, preferAlerts, useAlertPreferences, type Alert } from './alert-preferences.ts'
import { chime } from './chime.ts'

/** What the browser lets this page show: it is asked when the switch is turned on. */
function useScreenPermission() {
  const [permission, setPermission] = useState(() =>
    typeof Notification === 'undefined' ? 'missing' : Notification.permission,
  )
  const ask = async (): Promise<boolean> => {
    if (typeof Notification === 'undefined') return false
    const answer = await Notification.requestPermission()
    setPermission(answer)
    return answer === 'granted'
  }
  return { permission, ask }
}

/** How the page says that somebody asks for help: each way has a switch, kept on this computer. */
export function AlertSwitches() {
  const t = useTranslations('alerts')
  const chosen = useAlertPreferences()
  const { permission, ask } = useScreenPermission()
  const isOn = (name: Alert) => chosen[name] && (name !== 'desktop' || permission === 'granted')
  const choose = async (name: Alert, wanted: boolean) => {
    if (name === 'desktop' && wanted && !(await ask())) return preferAlerts({ desktop: false })
    preferAlerts({ [name]: wanted })
    if (name === 'sound' && wanted) chime()
  }
  return (
    <DialogTrigger>
      <Button className="button" aria-label={t('button')}>
        <Icon name="bell" />
        <span className="wide-only">{t('button')}</span>
      </Button>
      <Popover className="popover" placement="bottom end">
        <Dialog className="dialog" aria-label={t('button')}>
          {ALERTS.map((name) => (
            <label key={name} className="check">
              <input
                type="checkbox"
                checked={isOn(name)}
                disabled={name === 'desktop' && permission === 'missing'}
                onChange={({ target }) => void choose(name, target.checked)}
              />
              <span>
                {t(name)} <span className="muted small">{t(`${name}Text`)}</span>
              </span>
            </label>
          ))}
          {permission === 'denied' && <p className="field-error">{t('denied')}</p>}
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}
