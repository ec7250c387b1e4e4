import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import * as z from 'zod';
import { type Address, listenOn } from '#shared/listen-on.ts';
import { name } from '#shared/settings/values.ts';
import type { Clock } from '#shared/time/clock.ts';
import { SUBPROTOCOL } from '#shared/transport/close-codes.ts';
import type { Transport } from '#shared/transport/transport.ts';
import { WEBSOCKET_OPTIONS, WebSocketTransport } from '#shared/transport/websocket.ts';
import { carriesToken } from '../bearer-token.ts';
import type { VfOffer } from '../virtualization-stack/virtualization-stack.ts';

/** The path under which a guest opens the channel of a VF. */
const PATH = '/vpci';

const offerSchema = z.object({
  vm: name,
  vf: z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .pipe(z.int().max(65_535)),
  pf: name.optional(),
});

const NAMES = 'a name has letters, digits, . _ -, and at most 63 of them';

export interface ListenerOptions {
  readonly address: Address;
  /** What a guest must carry as `Authorization: Bearer …`. */
  readonly token: string;
  readonly clock: Clock;
  readonly onChannel: (transport: Transport, offer: VfOffer) => void;
}

/** Where guests open their channels: one WebSocket for each VF. */
export class ChannelListener {
  readonly #options: ListenerOptions;
  readonly #http: Server;
  readonly #sockets: WebSocketServer;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#http = createServer((_request, response) => {
      response.writeHead(426, { connection: 'close', upgrade: 'websocket' });
      response.end(`This is the channel of sriov-backchannel; it speaks ${SUBPROTOCOL}.\n`);
    });
    this.#sockets = new WebSocketServer({
      ...WEBSOCKET_OPTIONS,
      noServer: true,
      clientTracking: false,
      handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
    });
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Begins to listen; resolves with the port, and rejects when the address cannot be had. */
  listen(): Promise<number> {
    return listenOn(this.#http, this.#options.address);
  }

  /** Takes no further channel. Those that are open are closed by their owners. */
  close(): void {
    this.#http.close();
    this.#http.closeIdleConnections();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const { token, clock, onChannel } = this.#options;
    if (!carriesToken(request.headers.authorization, token)) {
      refuse(socket, 401, "wrong token: the channel needs the host's channel token");
      return;
    }
    const offer = offerOf(request.url ?? '');
    if (typeof offer === 'string') {
      refuse(socket, 400, offer);
      return;
    }
    const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(/\s*,\s*/);
    if (!protocols.includes(SUBPROTOCOL)) {
      refuse(socket, 400, `wrong subprotocol: expected ${SUBPROTOCOL}`);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (ws: WebSocket) => {
      onChannel(new WebSocketTransport(ws, socket, clock), offer);
    });
  }
}

/** Who asks, by the query of the URL; or what is wrong with it. */
function offerOf(path: string): VfOffer | string {
  const url = URL.canParse(path, 'ws://host') ? new URL(path, 'ws://host') : undefined;
  if (url?.pathname !== PATH) return `unknown path: expected ${PATH}`;
  const parsed = offerSchema.safeParse(Object.fromEntries(url.searchParams));
  return parsed.success
    ? { vmName: parsed.data.vm, index: parsed.data.vf, pf: parsed.data.pf }
    : `wrong query: expected vm=<name>, vf=<0 to 65535> and, if wanted, pf=<name>, where ${NAMES}`;
}

/** Answers with an HTTP error, and lets go of the connection whether or not the peer hangs up. */
function refuse(socket: Duplex, code: number, reason: string): void {
  const head = [
    `HTTP/1.1 ${code} ${STATUS_CODES[code] ?? ''}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(reason)}`,
  ];
  socket.once('finish', () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n${reason}`);
}
