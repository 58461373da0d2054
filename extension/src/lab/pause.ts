import { createPause, type Pause, type PausedUntil } from '../core/pause.ts'
import type { Room } from './room.ts'

const PAUSE = 'lectern:pause'
/** Longer than browsers wait in one piece. */
const LONGEST_WAIT_MS = 2 ** 31 - 1

/** The pause of this browser, shared by its tabs. */
export function createBrowserPause(
  storage: Parameters<typeof createPause>[0]['storage'],
  onChange: (until: PausedUntil) => void,
): Pause {
  const pause = createPause({
    storage,
    clock: () => Date.now(),
    wake: (at, work) => {
      const timer = setTimeout(work, Math.min(LONGEST_WAIT_MS, Math.max(0, at - Date.now())))
      return () => clearTimeout(timer)
    },
    onChange,
  })
  globalThis.addEventListener('storage', () => pause.look())
  return pause
}

/** Pausing and resuming by the command palette. */
export function addPause({ app, palette, pause, shown, texts }: Room): void {
  const isPaused = () => shown.get().paused !== undefined
  app.commands.addCommand(PAUSE, {
    label: () => (isPaused() ? texts.panel.pause.commandResume : texts.panel.pause.command),
    isEnabled: () => shown.get().standing.kind === 'in',
    isToggled: isPaused,
    isToggleable: true,
    execute: () => (isPaused() ? pause.end() : pause.begin(undefined)),
  })
  palette?.addItem({ command: PAUSE, category: texts.panel.title })
  shown.subscribe(() => app.commands.notifyCommandChanged(PAUSE))
}
