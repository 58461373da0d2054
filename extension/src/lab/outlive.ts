import type { Kernel } from '@jupyterlab/services'
import type { KernelRuns } from '../core/kernel-runs.ts'
import { watchKernel } from './watch-kernel.ts'

/** The old connection says goodbye first. */
const AFTER_MS = 100
const AGAIN_MS = 60_000

/** Which kernel, and as whom it was asked. */
export interface KernelSeat {
  readonly kernel: { readonly id: string; readonly name: string }
  readonly client: string
}

interface Parts<Place> {
  readonly kernels: Kernel.IManager
  readonly runs: KernelRuns<Place>
}

/**
 * Listens to a kernel whose page or notebook is gone until its runs have ended. The server keeps what the kernel says while
 * nobody listens for the client that was there before: with the same client id nothing is missed.
 */
export function outlive<Place>({ kernel, client }: KernelSeat, { kernels, runs }: Parts<Place>): void {
  const open = () => {
    if (runs.isEmpty()) return
    const connection = kernels.connectTo({ model: { ...kernel }, clientId: client, handleComms: false })
    watchKernel(connection, { runs })
    connection.connectionStatusChanged.connect((_, status) => {
      if (status !== 'disconnected' || connection.isDisposed) return
      setTimeout(() => void (connection.isDisposed || connection.reconnect().catch(() => undefined)), AGAIN_MS)
    })
    // The server does not know the kernel any more.
    connection.disposed.connect(() => runs.gone())
    runs.whenEmpty(() => connection.dispose())
  }
  setTimeout(open, AFTER_MS)
}
