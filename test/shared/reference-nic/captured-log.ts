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
  readonly #waiting: (() => void)[] = [];

  constructor() {
    const options = {
      level: 'trace',
      base: null,
      timestamp: false,
      formatters: { level: (level: string) => ({ level }) },
    };
    this.log = pino(options, { write: (text: string) => this.#add(JSON.parse(text)) });
  }

  /** The lines with this message. */
  with(msg: string): readonly LogLine[] {
    return this.lines.filter((line) => line.msg === msg);
  }

  /** Resolves when so many lines have this message. */
  async until(msg: string, count = 1): Promise<void> {
    while (this.with(msg).length < count) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #add(line: LogLine): void {
    this.lines.push(line);
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
