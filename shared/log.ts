import { type Logger, pino } from 'pino';
import { build } from 'pino-pretty';
import { authorsFrame } from './authors-frame.ts';
import { printable, printableJson, printableLines } from './text/printable.ts';

export interface LogOptions {
  readonly logLevel: string;
  readonly logFormat: 'auto' | 'pretty' | 'json';
  /** Which process speaks: `host`, or the guest's name. */
  readonly process: string;
}

/** The log of a process, on standard output: lines for people on a terminal, JSON elsewhere. */
export function createLog(options: LogOptions): Logger {
  const { logLevel: level, logFormat } = options;
  const base = { process: options.process };
  const isTerminal = process.stdout.isTTY === true;
  if (logFormat === 'json' || (logFormat === 'auto' && !isTerminal)) {
    return pino({ level, base, hooks: { streamWrite: printableJson } });
  }
  const pretty = build({
    // A whole stack in a line says less than the place where the author has to look.
    customPrettifiers: { stack: (stack) => authorsFrame(String(stack)) ?? '' },
    colorize: isTerminal && process.env['NO_COLOR'] === undefined,
    ignore: 'process',
    messageFormat: '{process}: {msg}',
    singleLine: true,
    sync: true,
    translateTime: 'SYS:HH:MM:ss.l',
  });
  return pino({ level, base, hooks: { streamWrite: printableRecord } }, pretty);
}

/**
 * A record with texts that may be printed: a message or a field may repeat what a peer gave as its
 * reason, which must not look like a line of ours. Stacks keep their lines, which are indented.
 */
function printableRecord(line: string): string {
  const record: unknown = JSON.parse(printable(line.trimEnd()), (key, value: unknown) => {
    if (typeof value !== 'string') return value;
    return key === 'stack' ? printableLines(value) : printable(value);
  });
  return `${JSON.stringify(record)}\n`;
}
