import type { IncomingMessage } from 'node:http';
import { type TraceLine, traceLine } from '#host/control/trace-line.ts';
import type { OperatedHost } from './operated-host.ts';

/** What a stream of lines has brought so far. */
export class TraceReading {
  readonly response: IncomingMessage;
  received = '';
  ended = false;

  constructor(response: IncomingMessage) {
    this.response = response;
    response.setEncoding('utf8');
    response.on('data', (piece: string) => {
      this.received += piece;
    });
    response.once('close', () => {
      this.ended = true;
    });
  }

  get lines(): readonly TraceLine[] {
    const complete = this.received.split('\n').slice(0, -1);
    return complete.filter((line) => line !== '').map((line) => traceLine.parse(JSON.parse(line)));
  }
}

/** Begins to read the trace with a query. */
export async function readTrace(host: OperatedHost, query: string): Promise<TraceReading> {
  return new TraceReading(await host.raw(`/v1/trace?${query}`, {}));
}
