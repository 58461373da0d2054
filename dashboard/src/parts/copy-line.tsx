import { useEffect, useState } from 'react'
import { Button } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { Icon } from './icons.tsx'

const SHOWN_MS = 2_000

/** Copies text; without the clipboard, which a page without https has not, by a selection. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const area = document.createElement('textarea')
    area.value = text
    area.className = 'off-screen'
    document.body.append(area)
    area.select()
    const copied = document.execCommand('copy')
    area.remove()
    return copied
  }
}

/** A button that copies `text`, and says so. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const t = useTranslations('app')
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <>
      <Button
        className="button quiet"
        aria-label={`${t('copy')}: ${label}`}
        onPress={() => void copy(text).then(setCopied)}
      >
        <Icon name={copied ? 'check' : 'copy'} />
        <span>{copied ? t('copied') : t('copy')}</span>
      </Button>
      <span className="off-screen" role="status">
        {copied ? t('copied') : ''}
      </span>
    </>
  )
}

interface CopyLineProps {
  readonly text: string
  readonly label: string
  /** `large` can be read from the last row. */
  readonly size?: 'line' | 'large'
}

/** Text to be typed or pasted somewhere else. */
export function CopyLine({ text, label, size = 'line' }: CopyLineProps) {
  return (
    <div className={`copy-line ${size}`}>
      <code>{text}</code>
      <CopyButton text={text} label={label} />
    </div>
  )
}
