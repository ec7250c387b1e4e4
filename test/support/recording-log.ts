import { type Logger, pino } from 'pino';

/** A log whose messages a test reads. */
export function recordingLog(): { readonly log: Logger; readonly messages: string[] } {
  const messages: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => messages.push(messageOf(line)) });
  return { log, messages };
}

function messageOf(line: string): string {
  const entry: unknown = JSON.parse(line);
  const isEntry = typeof entry === 'object' && entry !== null && 'msg' in entry;
  return isEntry ? String(entry.msg) : '';
}
