import { CodedError } from '../errors.ts'

/** Codes of `openid-client` that mean that a provider did not answer, rather than that its answer was wrong. */
const UNREACHED = new Set(['OAUTH_TIMEOUT', 'OAUTH_ABORT'])

const codeOf = (error: unknown): string => (error as { code?: string }).code ?? ''

/** A fault of a provider, or of its answer, as a coded error: what was wrong with the answer is for the log alone. */
export function providerError(error: unknown): CodedError {
  if (error instanceof CodedError) return error
  const refused = (error as { error?: string }).error
  if (refused === 'access_denied')
    return new CodedError('sign_in_refused', 'The provider refused it.', { cause: error })
  const isNetwork = error instanceof TypeError && error.message === 'fetch failed'
  const code = isNetwork || UNREACHED.has(codeOf(error)) ? 'provider_unavailable' : 'provider_failed'
  return new CodedError(code, undefined, { cause: error })
}
