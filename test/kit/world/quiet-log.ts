import { type Logger, pino } from 'pino';

/** A log that nobody reads. */
export const quietLog: Logger = pino({ level: 'silent' });
