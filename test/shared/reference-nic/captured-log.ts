import { type Logger, pino } from 'pino';

/** A line as the log would print it, without time and process. */
export type LogLine = Readonly<Record<string, unknown>> & {
  readonly level: string;
  readonly msg: string;
};

/** A logger of every level that keeps what it is given. */
export class CapturedLog {
  readonly lines: LogLine[] = [];
  readonly log: Logger;

  constructor() {
    const options = {
      level: 'trace',
      base: null,
      timestamp: false,
      formatters: { level: (level: string) => ({ level }) },
    };
    this.log = pino(options, { write: (text: string) => this.lines.push(JSON.parse(text)) });
  }

  /** The lines with this message. */
  with(msg: string): readonly LogLine[] {
    return this.lines.filter((line) => line.msg === msg);
  }
}
