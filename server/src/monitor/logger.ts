import { pino, type Logger as PinoLogger } from 'pino'
import type { LogLevel } from '../config.ts'

/** Structured log: one JSON line an event, so that text from outside can not forge lines. */
export type Logger = PinoLogger

/** A logger that writes to standard error, or to `stream`. Headers, tokens and bodies are never logged. */
export function createLogger(level: LogLevel, stream?: { write(line: string): void }): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: levelName } }
  return pino(options, stream ?? pino.destination({ dest: 2, sync: true }))
}

const levelName = (label: string) => ({ level: label })
