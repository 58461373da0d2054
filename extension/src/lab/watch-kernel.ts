import type { Kernel, KernelMessage } from '@jupyterlab/services'
import type { KernelRuns } from '../core/kernel-runs.ts'

/** Reply and IOPub are two channels: what the kernel said before an answer may come a little after it. */
const ORDER_MS = 1_000

type AnyMessage = KernelMessage.IMessage

interface Parts<Place> {
  readonly runs: KernelRuns<Place>
  /** A request to run code leaves this page, or waits to; `delivered` if the kernel can be reached now. */
  readonly onRequest?: (request: KernelMessage.IExecuteRequestMsg, delivered: boolean) => void
  /** The kernel begins to run what this page did not ask it to run. */
  readonly onForeign?: (input: KernelMessage.IExecuteInputMsg) => void
}

const RESTARTING = new Set(['restarting', 'autorestarting', 'starting'])

/** Ends the runs that were open when the kernel was told to restart, once it has: it may still end some of them itself. */
function watchRestarts<Place>(connection: Kernel.IKernelConnection, runs: KernelRuns<Place>): void {
  let doomed: string[] | undefined
  connection.statusChanged.connect((_, status) => {
    if (status === 'dead' || status === 'autorestarting') runs.gone()
    if (status === 'restarting') doomed = runs.all()
  })
  connection.connectionStatusChanged.connect((_, status) => {
    if (!doomed || status === 'disconnected') return
    runs.gone(doomed)
    doomed = undefined
  })
}

/** Tells `runs` what passes between this page and a kernel. */
export function watchKernel<Place>(connection: Kernel.IKernelConnection, parts: Parts<Place>): void {
  const { runs, onRequest, onForeign } = parts
  let asked: { id: string; before: readonly string[] } | undefined
  const sent = (message: AnyMessage) => {
    const { msg_type: type, msg_id: id } = message.header
    // Asked anew with every connection: its answer comes after everything that was asked before.
    if (type === 'kernel_info_request') asked = { id, before: runs.pending() }
    if (type !== 'execute_request') return
    const delivered = connection.connectionStatus === 'connected' && !RESTARTING.has(connection.status)
    onRequest?.(message as KernelMessage.IExecuteRequestMsg, delivered)
  }
  const received = (message: AnyMessage) => {
    const { msg_type: type } = message.header
    const { msg_id: parent } = message.parent_header as { msg_id?: string }
    if (type === 'execute_input' && !runs.has(parent)) onForeign?.(message as KernelMessage.IExecuteInputMsg)
    runs.heard(message)
    if (type !== 'kernel_info_reply' || !asked || asked.id !== parent) return
    const { before } = asked
    if (before.length > 0) setTimeout(() => runs.over(before), ORDER_MS)
  }
  connection.anyMessage.connect((_, { msg, direction }) => (direction === 'send' ? sent(msg) : received(msg)))
  watchRestarts(connection, runs)
}
