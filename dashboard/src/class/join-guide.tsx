import type { ReactNode } from 'react'
import type { ClassInfo } from '@lectern/protocol'
import { Button } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { useCodes, useEditCodes, useExtension } from '../http/queries.ts'
import { CopyButton, CopyLine } from '../parts/copy-line.tsx'
import { Icon } from '../parts/icons.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { may } from './may.ts'
import { openCodes } from './open-codes.ts'

const BUILD_COMMAND = 'npm run build:extension'
const LOCAL_HOST = /^(localhost|127\.|\[::1\])/

/** Where JupyterLab is on a student's own computer, with the class for its extension. */
const linkInto = (code: string): string => {
  const query = new URLSearchParams({ 'lectern-server': location.origin, 'lectern-code': code })
  return `http://localhost:8888/lab?${query}`
}

function Step({ n, title, children }: { readonly n: number; readonly title: string; readonly children: ReactNode }) {
  return (
    <li className="step">
      <span className="step-number" aria-hidden="true">
        {n}
      </span>
      <div className="step-text">
        <h3>{title}</h3>
        {children}
      </div>
    </li>
  )
}

function CodeStep({ info }: { readonly info: ClassInfo }) {
  const t = useTranslations('join')
  const { data, error, refetch } = useCodes(info.id)
  const { make, withdraw } = useEditCodes(info.id)
  const mayManage = may(info, 'codes.manage')
  const newestFirst = openCodes(data?.codes ?? [], Date.now())
  const [newest, ...others] = newestFirst
  const fault = make.error ?? withdraw.error
  return (
    <Step n={1} title={t('codeStep')}>
      {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {newest && <p className="muted">{t('codeHint')}</p>}
      {newest && <CopyLine text={newest.code} label={t('code')} size="large" />}
      {data && !newest && <p className="muted">{t('none')}</p>}
      {fault && <ProblemNote error={fault} />}
      {data && mayManage && (
        <WorkingButton className="button quiet" onPress={() => make.mutate({})} isWorking={make.isPending}>
          <Icon name="plus" />
          {newest ? t('another') : t('make')}
        </WorkingButton>
      )}
      {newest && others.length > 0 && <p className="muted small">{t('others')}</p>}
      {newest && others.length > 0 && (
        <ul className="codes">
          {newestFirst.map(({ code }) => (
            <li key={code}>
              <code>{code}</code>
              {mayManage && (
                <Button
                  className="button quiet"
                  aria-label={t('withdrawCode', { code })}
                  onPress={() => withdraw.mutate(code)}
                >
                  {t('withdraw')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Step>
  )
}

function InstallStep() {
  const t = useTranslations('join')
  const { data, error, refetch } = useExtension()
  return (
    <Step n={2} title={t('installStep')}>
      {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {data?.state === 'ready' && data.wheel !== undefined && (
        <>
          <p className="muted">{t('installHint')}</p>
          <CopyLine text={`pip install ${location.origin}/extension/${data.wheel}`} label={t('installStep')} />
        </>
      )}
      {data?.state === 'building' && (
        <p className="pending" role="status">
          <span className="spinner" aria-hidden="true" />
          {t('building')}
        </p>
      )}
      {(data?.state === 'unavailable' || data?.state === 'failed') && (
        <>
          <p className="note">
            <Icon name="failing" />
            <span>
              {t(data.state)} {data.reason !== undefined && t('reason', { reason: data.reason })}
            </span>
          </p>
          <p className="muted">{t('buildHint')}</p>
          <CopyLine text={BUILD_COMMAND} label={t('installStep')} />
        </>
      )}
    </Step>
  )
}

function SettingsStep({ info }: { readonly info: ClassInfo }) {
  const t = useTranslations('join')
  const { data } = useCodes(info.id)
  const code = openCodes(data?.codes ?? [], Date.now())[0]?.code
  return (
    <Step n={3} title={t('settingsStep')}>
      {code !== undefined && (
        <>
          <p className="muted">{t('settingsHint')}</p>
          <CopyLine text={linkInto(code)} label={t('link')} />
        </>
      )}
      <p className="muted">{t('typed')}</p>
      <dl className="to-type">
        <dt>{t('server')}</dt>
        <dd>
          <code>{location.origin}</code>
          <CopyButton text={location.origin} label={t('server')} />
        </dd>
        {code !== undefined && (
          <>
            <dt>{t('code')}</dt>
            <dd>
              <code>{code}</code>
              <CopyButton text={code} label={t('code')} />
            </dd>
          </>
        )}
      </dl>
      {LOCAL_HOST.test(location.host) && (
        <p className="note small">
          <Icon name="failing" />
          {t('local')}
        </p>
      )}
    </Step>
  )
}

/** How students come into a class: code, extension, settings. */
export function JoinGuide({ info }: { readonly info: ClassInfo }) {
  return (
    <ol className="steps">
      <CodeStep info={info} />
      <InstallStep />
      <SettingsStep info={info} />
    </ol>
  )
}
