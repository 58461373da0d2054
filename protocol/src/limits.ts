/** Version of the wire; part of the paths (`/api/v2`) and of the WebSocket subprotocol. */
export const PROTOCOL_VERSION = 2

/** WebSocket subprotocol every client must offer. */
export const SUBPROTOCOL = 'lectern.v2'

/** Sizes and counts that hold on HTTP and on sockets alike (SPEC LIM-1 … LIM-5). Bytes unless the name says otherwise. */
export const LIMITS = {
  /** One request body or socket frame, after decompression. */
  bodyBytes: 1024 * 1024,
  /** Events in one batch. */
  batchEvents: 1000,
  /** One event as JSON text. */
  eventBytes: 256 * 1024,
  /** Nesting of arrays and objects. */
  jsonDepth: 32,
  /** Members of all objects of one body or frame together. */
  jsonKeys: 100_000,
  /** Characters of a notebook id or path. */
  notebookChars: 1024,
  /** Characters of a cell id. */
  cellIdChars: 128,
  /** Characters of a name that a person typed. */
  nameChars: 120,
  /** Characters of the sentence that goes with a help request. */
  helpMessageChars: 2000,
  /** Characters of what staff write to students, a cell's source included. */
  messageChars: 4000,
  /** Students that one message names. */
  messageStudents: 5000,
  /** Messages of a student that are at hand, the newest. */
  ownMessages: 100,
  /** Bytes held for one socket that reads too slowly before it is closed. */
  socketQueueBytes: 512 * 1024,
} as const

/** Times of the wire, in milliseconds (SPEC SUB-4, CLS-2, CLS-3). */
export const TIMES = {
  /** At most one `changes` message a class in this time. */
  changesEveryMs: 100,
  /** A socket must say hello within this time. */
  helloWithinMs: 5_000,
  /** The server speaks at least this often; any message counts. */
  heartbeatMs: 15_000,
  /** A socket from which nothing came for this long is closed. */
  silenceMs: 33_000,
  /** Life of a socket ticket. */
  ticketMs: 30_000,
} as const
