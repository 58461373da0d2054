import { QueryClientProvider } from '@tanstack/react-query'
import { render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { IntlProvider } from 'use-intl'
import { createQueries } from '../http/queries.ts'
import { en } from '../i18n/en.ts'

/** Renders a part of the page in English, with what the whole page puts around it. */
export function renderPart(part: ReactNode) {
  return render(
    <IntlProvider locale="en" messages={en} timeZone="UTC">
      <QueryClientProvider client={createQueries()}>{part}</QueryClientProvider>
    </IntlProvider>,
  )
}
