import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { messageOf } from '#shared/message-of.ts';
import type { Clock } from '#shared/time/clock.ts';
import { SUBPROTOCOL } from '#shared/transport/close-codes.ts';
import type { Transport } from '#shared/transport/transport.ts';
import { WEBSOCKET_OPTIONS, WebSocketTransport } from '#shared/transport/websocket.ts';

/** How long the host may take to answer the opening request. */
const OPEN_TIMEOUT_MS = 10_000;
/** How much of a refusal's text is kept. */
const MAX_REFUSAL_TEXT = 200;

/** A transport; or why there is none, and whether trying again could help. */
export type DialResult =
  | { readonly transport: Transport }
  | { readonly failure: string; readonly permanent: boolean };

/** Opens the channel of one VF. */
export type Dial = () => Promise<DialResult>;

export interface DialOptions {
  /** Where the host listens: `ws://127.0.0.1:4040`. */
  readonly host: string;
  /** The channel's token, or why there is none; asked at each try, since a host may still write it. */
  readonly token: () => { readonly token: string } | { readonly failure: string };
  readonly vmName: string;
  /** The number of the VF in its guest, from 0. */
  readonly index: number;
  /** The PF of which the guest wants a VF; without one the host chooses. */
  readonly pf?: string | undefined;
  readonly clock: Clock;
}

/** Dials a host over WebSocket. */
export function webSocketDial(options: DialOptions): Dial {
  const url = new URL('/vpci', options.host);
  url.searchParams.set('vm', options.vmName);
  url.searchParams.set('vf', String(options.index));
  if (options.pf !== undefined) url.searchParams.set('pf', options.pf);
  return async () => {
    const secret = options.token();
    if ('failure' in secret) return { failure: secret.failure, permanent: false };
    try {
      return await open(url, secret.token, options.clock);
    } catch (error) {
      return unreachable(url, new Error(messageOf(error)));
    }
  };
}

function unreachable(url: URL, error: Error & { readonly code?: string }): DialResult {
  const why = error.message === '' ? (error.code ?? error.name) : error.message;
  return { failure: `cannot reach the host at ${url.origin}: ${why}`, permanent: false };
}

/** Rejects when the request cannot even be made, as with a token that no header can carry. */
function open(url: URL, token: string, clock: Clock): Promise<DialResult> {
  return new Promise((resolve) => {
    const ws = new WebSocket(url, [SUBPROTOCOL], {
      ...WEBSOCKET_OPTIONS,
      headers: { authorization: `Bearer ${token}` },
      handshakeTimeout: OPEN_TIMEOUT_MS,
    });
    let response: IncomingMessage | undefined;
    ws.once('upgrade', (upgrade) => {
      response = upgrade;
    });
    ws.once('open', () => {
      if (response === undefined) throw new Error('ws opened without an upgrade');
      ws.removeListener('error', failed);
      resolve({ transport: new WebSocketTransport(ws, response.socket, clock) });
    });
    ws.once('unexpected-response', (_request, refusal) => {
      readRefusal(refusal).then(resolve, failed);
      ws.removeListener('error', failed);
      ws.on('error', () => {});
    });
    ws.on('error', failed);
    function failed(error: Error & { readonly code?: string }): void {
      resolve(unreachable(url, error));
    }
  });
}

/** The host answered the opening request with an HTTP error instead of an upgrade. */
async function readRefusal(response: IncomingMessage): Promise<DialResult> {
  let text = '';
  for await (const chunk of response) {
    text += String(chunk);
    if (text.length >= MAX_REFUSAL_TEXT) break;
  }
  const code = response.statusCode ?? 0;
  const failure = `the host refused the channel (HTTP ${code}): ${text.slice(0, MAX_REFUSAL_TEXT)}`;
  return { failure, permanent: code < 500 };
}
