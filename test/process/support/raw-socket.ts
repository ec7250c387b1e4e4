import { type RawData, WebSocket } from 'ws';
import { systemClock } from '#shared/time/system.ts';
import { SUBPROTOCOL } from '#shared/transport/close-codes.ts';
import { VPCI_PROTOCOL_VERSIONS } from '#shared/wire/version.ts';
import { type Frame, frameOf } from '#test/kit/world/controlled-transport.ts';

/** How long the other side may take to answer. */
const PATIENCE_MS = 20_000;

export interface RawSocketOptions {
  readonly url: string;
  readonly token: string;
  /** The query of the URL: `vm=raw&vf=0`. */
  readonly query: string;
  readonly subprotocol?: string;
}

/** A guest that holds the channel token and keeps to nothing else: a WebSocket, used by hand. */
export class RawSocket {
  /** The close code, once the channel is closed. */
  readonly closed: Promise<number>;
  readonly #ws: WebSocket;
  readonly #frames: Frame[] = [];
  readonly #waiters = new Set<() => void>();
  #lastId = 0;

  private constructor(ws: WebSocket) {
    this.#ws = ws;
    ws.on('message', (data: RawData) => {
      this.#frames.push(frameOf(data.toString()));
      for (const look of [...this.#waiters]) look();
    });
    ws.on('error', () => {});
    this.closed = inTime(
      'the close',
      new Promise((resolve) => ws.once('close', (code) => resolve(code))),
    );
  }

  /** Opens a channel; rejects with the HTTP status when it is refused. */
  static open(options: RawSocketOptions): Promise<RawSocket> {
    const { url, token, query, subprotocol = SUBPROTOCOL } = options;
    const ws = new WebSocket(`${url}/vpci?${query}`, [subprotocol], {
      headers: { authorization: `Bearer ${token}` },
    });
    const socket = new RawSocket(ws);
    const opened = new Promise<RawSocket>((resolve, reject) => {
      ws.once('open', () => resolve(socket));
      ws.once('unexpected-response', (_request, response) => {
        reject(new Error(`HTTP ${response.statusCode}`));
        response.destroy();
      });
    });
    return inTime('the opening', opened);
  }

  /** Sends a text frame, or a binary one. */
  send(data: string | Uint8Array): void {
    this.#ws.send(data);
  }

  /** Sends a packet that wants a completion, and returns that. */
  ask(type: string, fields: object = {}): Promise<Frame['message']> {
    const transactionId = ++this.#lastId;
    const message = { type, ...fields };
    this.send(
      JSON.stringify({ packet: 'in-band', transactionId, completionRequested: true, message }),
    );
    const isCompletion = (frame: Frame): boolean =>
      frame.packet === 'completion' && frame.transactionId === transactionId;
    const completed = new Promise<Frame['message']>((resolve) => {
      const look = (): void => {
        const found = this.#frames.find(isCompletion);
        if (found === undefined) return;
        this.#waiters.delete(look);
        resolve(found.message);
      };
      this.#waiters.add(look);
    });
    return inTime(`the completion of ${type}`, completed);
  }

  /** Agrees on a version and enters D0. */
  async enterD0(): Promise<void> {
    const [{ version }] = VPCI_PROTOCOL_VERSIONS;
    await this.ask('QUERY_PROTOCOL_VERSION', { protocolVersion: version });
    await this.ask('FDO_D0_ENTRY');
  }

  /** Breaks the connection without a word. */
  terminate(): void {
    this.#ws.terminate();
  }
}

function inTime<T>(what: string, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const deadline = systemClock.setTimer(PATIENCE_MS, () =>
      reject(new Error(`${what} did not come within ${PATIENCE_MS} ms`)),
    );
    work.then(resolve, reject).finally(() => deadline.cancel());
  });
}
