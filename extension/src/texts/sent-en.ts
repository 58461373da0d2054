import type { EventType } from '../../../protocol/src/events.ts'

/** What was sent, in English. */
export const sentEn = {
  title: 'What was sent',
  figures: { sent: 'sent', waiting: 'waiting', refused: 'refused' },
  intro: 'Every event as it left this browser, newest first. Open one to read it letter by letter.',
  none: 'Nothing has left this browser yet.',
  kept: 'The newest 2,000 are remembered here, in this browser only.',
  more: 'Show older ones',
  waitingTitle: 'Waiting',
  sentTitle: 'Sent',
  states: {
    waiting: 'waits to be sent',
    sent: 'sent, not yet acknowledged',
    stored: 'stored by the server',
    duplicate: 'stored by the server',
    refused: 'refused by the server',
  },
  reasons: {
    not_shared: 'because you share nothing',
    class_ended: 'because the class has ended',
    event_too_large: 'because it was too large',
    invalid_event: 'because it was not understood',
    unknown_type: 'because this kind is not known there',
  } as Readonly<Record<string, string>>,
  types: {
    session_started: 'Opened JupyterLab',
    session_ended: 'Left the page',
    notebook_opened: 'Opened a notebook',
    notebook_saved: 'Saved a notebook',
    notebook_closed: 'Closed a notebook',
    cell_executed: 'Ran a cell',
    cell_added: 'Added cells',
    cell_removed: 'Removed cells',
    cell_edited: 'Edited a cell',
    kernel_status: 'Kernel',
    presence: 'Active or away',
    help_requested: 'Asked for help',
    help_withdrawn: 'Withdrew the request',
  } as Readonly<Partial<Record<EventType, string>>>,
}
