import type { ReactNode } from 'react'
import { Button } from 'react-aria-components'

interface WorkingButtonProps {
  readonly isWorking: boolean
  readonly className: string
  readonly children: ReactNode
  /** Without it the button sends its form. */
  readonly onPress?: () => void
}

/** A button of a request under way: it keeps the focus, but does not send the same again. */
export function WorkingButton({ isWorking, className, children, onPress }: WorkingButtonProps) {
  const working = isWorking ? { 'data-working': true, 'aria-disabled': true } : {}
  return (
    <Button
      {...working}
      className={className}
      type={onPress || isWorking ? 'button' : 'submit'}
      {...(onPress && !isWorking ? { onPress } : {})}
    >
      {children}
    </Button>
  )
}
