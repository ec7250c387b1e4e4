import { type Logger, pino } from 'pino';
import { build } from 'pino-pretty';
import { authorsFrame } from './authors-frame.ts';
import { printable } from './text/printable.ts';

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
  if (logFormat === 'json' || (logFormat === 'auto' && !isTerminal)) return pino({ level, base });
  const pretty = build({
    // A whole stack in a line says less than the place where the author has to look.
    customPrettifiers: { stack: (stack) => authorsFrame(String(stack)) ?? '' },
    colorize: isTerminal && process.env['NO_COLOR'] === undefined,
    ignore: 'process',
    // A message may repeat what a peer gave as its reason, which must not look like a line of ours.
    messageFormat: ({ process: name, msg }) => printable(`${String(name)}: ${String(msg)}`),
    singleLine: true,
    sync: true,
    translateTime: 'SYS:HH:MM:ss.l',
  });
  return pino({ level, base }, pretty);
}
