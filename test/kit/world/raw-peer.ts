import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import type { CloseDetails, Transport } from '#shared/transport/transport.ts';
import { type Frame, frameOf } from './controlled-transport.ts';
import { turn } from './turn.ts';

/** One end of a channel that speaks frames by hand, right or wrong. */
export class RawPeer {
  readonly received: Frame[] = [];
  readonly #transport: Transport;
  #closes: CloseDetails[] = [];
  #lastId = 0;

  constructor(transport: Transport) {
    this.#transport = transport;
    transport.listen({
      message: (text) => {
        const frame = frameOf(text);
        this.received.push(frame);
        this.onFrame(frame);
      },
      close: (details) => this.#closes.push(details),
      drain: () => {},
    });
  }

  /** Called for each frame; a peer that answers by itself sets it. */
  onFrame: (frame: Frame) => void = () => {};

  /** What the channel was closed with; fails when it was told more than once. */
  get closed(): CloseDetails | undefined {
    if (this.#closes.length > 1) throw new Error('the close was told more than once');
    return this.#closes[0];
  }

  /** The documented types of the packets received, in order; a completion is `completion`. */
  get types(): readonly string[] {
    return this.received.map(({ packet, message }) =>
      packet === 'completion' ? 'completion' : String(message.type),
    );
  }

  /** Sends text as it is. */
  text(text: string): void {
    this.#transport.send(text);
  }

  /** Sends any JSON value. */
  json(value: unknown): void {
    this.text(JSON.stringify(value));
  }

  /** Sends a packet that wants no completion. */
  notify(type: string, fields: object = {}): number {
    return this.#packet(type, fields, false);
  }

  /** Sends a packet that wants a completion; returns its transaction id. */
  request(type: string, fields: object = {}): number {
    return this.#packet(type, fields, true);
  }

  /** Sends a completion. */
  complete(transactionId: number, fields: object): void {
    this.json({ packet: 'completion', transactionId, message: fields });
  }

  /** The completions that came for a transaction id. */
  completionsOf(transactionId: number): readonly Frame['message'][] {
    return this.received
      .filter((frame) => frame.packet === 'completion' && frame.transactionId === transactionId)
      .map((frame) => frame.message);
  }

  /** Sends a request and returns its completion; undefined when none came by itself. */
  async ask(type: string, fields: object = {}): Promise<Frame['message'] | undefined> {
    const id = this.request(type, fields);
    await turn();
    return this.completionsOf(id)[0];
  }

  close(details: CloseDetails = { code: CLOSE_CODES.normal.code, reason: '' }): void {
    this.#transport.close(details);
  }

  #packet(type: string, fields: object, completionRequested: boolean): number {
    const transactionId = ++this.#lastId;
    const message = { type, ...fields };
    this.json({ packet: 'in-band', transactionId, completionRequested, message });
    return transactionId;
  }
}
