import { useEffect, useRef, useState } from 'react'
import type { CellOutput } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { stripAnsi } from './strip-ansi.ts'

interface TypesFactory {
  createPolicy(name: string, rules: { createHTML: (text: string) => string }): { createHTML(text: string): string }
}

const { trustedTypes } = globalThis as unknown as { trustedTypes?: TypesFactory }
/** The only policy that the page's security policy allows: nothing but a frame without scripts and origin is given what it makes. */
const policy = trustedTypes?.createPolicy('output-frame', { createHTML: (text) => text })

const PICTURE = /^image\/(png|jpeg|gif|webp)$/
const BASE64 = /^[A-Za-z0-9+/=\s]+$/

/** A page that shows an output as it looked; undefined for one that is only text. */
function pageOf({ mime = '', text }: CellOutput): string | undefined {
  if (text === '') return undefined
  if (mime === 'text/html' || mime === 'image/svg+xml') return text
  if (PICTURE.test(mime) && BASE64.test(text))
    return `<img alt="" src="data:${mime};base64,${text.replaceAll(/\s/g, '')}">`
  return undefined
}

/** A frame of no origin, in which nothing runs and nothing is loaded: it inherits the page's security policy. */
function Frame({ page, title }: { readonly page: string; readonly title: string }) {
  const frame = useRef<HTMLIFrameElement>(null)
  useEffect(() => {
    if (frame.current) frame.current.srcdoc = policy?.createHTML(page) ?? page
  }, [page])
  return <iframe className="output-frame" sandbox="" referrerPolicy="no-referrer" title={title} ref={frame} />
}

/** One output. Text is shown as text; what looks like a page is, when asked for, in a frame. */
export function OutputOf({ output }: { readonly output: CellOutput }) {
  const t = useTranslations('story')
  const [isPage, setPage] = useState(false)
  const { kind, mime, text, cut } = output
  const page = pageOf(output)
  return (
    <div className={`output is-${kind}`}>
      <p className="output-kind muted">
        {t(`kinds.${kind}`)}
        {mime !== undefined && mime !== 'text/plain' && <code>{mime}</code>}
        {page !== undefined && (
          <button type="button" className="button quiet small-button" onClick={() => setPage(!isPage)}>
            {isPage ? t('asText') : t('asPage')}
          </button>
        )}
      </p>
      {text === '' && kind === 'display' && <p className="muted">{t('notKept', { kind: mime ?? '' })}</p>}
      {isPage && page !== undefined ? (
        <Frame page={page} title={t('frame')} />
      ) : (
        text !== '' && (
          <pre tabIndex={0} aria-label={t(`kinds.${kind}`)}>
            {stripAnsi(text)}
          </pre>
        )
      )}
      {cut && <p className="muted small">{t('cut')}</p>}
    </div>
  )
}
