import { LabIcon } from '@jupyterlab/ui-components'

const HAND = `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><path class="jp-icon3" fill="#616161" d="M13 2a1.5 1.5 0 0 1 1.5 1.5V10h.5V5a1.5 1.5 0 0 1 3 0v7h.5V8.5a1.5 1.5 0 0 1 3 0V15a7 7 0 0 1-7 7h-1.6a7 7 0 0 1-5.7-2.9L3 12.6a1.4 1.4 0 0 1 2.1-1.8L8 13.4V5a1.5 1.5 0 0 1 3 0v5h.5V3.5A1.5 1.5 0 0 1 13 2z"/></svg>`

const LECTERN = `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><path class="jp-icon3 jp-icon-selectable" fill="#616161" d="M5.2 4h13.6a1 1 0 0 1 1 .8l1.2 6a1 1 0 0 1-1 1.2H13v6.5h3a1.5 1.5 0 0 1 1.5 1.5H6.5A1.5 1.5 0 0 1 8 18.5h3V12H4a1 1 0 0 1-1-1.2l1.2-6a1 1 0 0 1 1-.8z"/></svg>`

/** A raised hand. */
export const handIcon = new LabIcon({ name: 'lectern:hand', svgstr: HAND })

/** A lectern: the side panel. */
export const lecternIcon = new LabIcon({ name: 'lectern:lectern', svgstr: LECTERN })
