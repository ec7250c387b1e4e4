import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { type DialResult, webSocketDial } from '#guest/vmbus/dial.ts';
import type { VfOffer } from '#host/virtualization-stack/virtualization-stack.ts';
import { ChannelListener } from '#host/vmbus/listener.ts';
import { SUBPROTOCOL } from '#shared/transport/close-codes.ts';
import type { Transport } from '#shared/transport/transport.ts';
import { ManualClock } from '../kit/world/manual-clock.ts';
import { until } from '../kit/world/turn.ts';

export const TOKEN = 'a-token-of-this-test';

/** A listener on a free port of this machine, and what was attached to it. */
export class SocketBench {
  readonly clock = new ManualClock();
  readonly attached: { readonly transport: Transport; readonly offer: VfOffer }[] = [];
  readonly #listener = new ChannelListener({
    address: { host: '127.0.0.1', port: 0 },
    token: TOKEN,
    clock: this.clock,
    onChannel: (transport, offer) => this.attached.push({ transport, offer }),
  });
  readonly #raw: WebSocket[] = [];
  port = 0;

  async listen(): Promise<void> {
    this.port = await this.#listener.listen();
  }

  get origin(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  /** Dials as a guest does. */
  dial(token = TOKEN): Promise<DialResult> {
    const { clock } = this;
    const host = this.origin;
    return webSocketDial({ host, token: () => ({ token }), vmName: 'g1', index: 0, clock })();
  }

  /** Both ends of a channel that a guest has dialed. */
  async pair(): Promise<{ readonly guest: Transport; readonly host: Transport }> {
    const result = await this.dial();
    if ('failure' in result) throw new Error(result.failure);
    const { transport } = await this.#nextAttached();
    return { guest: result.transport, host: transport };
  }

  /** A bare WebSocket to the listener, for frames that no transport sends, and the host's end. */
  async raw(): Promise<{
    readonly ws: WebSocket;
    readonly socket: Duplex;
    readonly host: Transport;
  }> {
    const ws = new WebSocket(`${this.origin}/vpci?vm=g1&vf=0`, [SUBPROTOCOL], {
      headers: { authorization: `Bearer ${TOKEN}` },
      perMessageDeflate: false,
    });
    this.#raw.push(ws);
    ws.on('error', () => {});
    let socket: Duplex | undefined;
    ws.once('upgrade', (response) => {
      socket = response.socket;
    });
    await once(ws, 'open');
    if (socket === undefined) throw new Error('ws opened without an upgrade');
    return { ws, socket, host: (await this.#nextAttached()).transport };
  }

  /** Cuts what is open and stops to listen. */
  async close(): Promise<void> {
    for (const ws of this.#raw) ws.terminate();
    for (const { transport } of this.attached) transport.close({ code: 1006, reason: 'test over' });
    this.#listener.close();
  }

  /** Stops to listen, and leaves open what is open. */
  closeListener(): void {
    this.#listener.close();
  }

  async #nextAttached(): Promise<{ readonly transport: Transport }> {
    const before = this.#taken++;
    await until('the listener attached a channel', () => this.attached.length > before);
    const attached = this.attached[before];
    if (attached === undefined) throw new Error('no channel was attached');
    return attached;
  }

  #taken = 0;
}
