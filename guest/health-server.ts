import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isOwnHostName } from '#shared/own-host-name.ts';
import type { GuestVf } from './guest-os.ts';

/** Where the server listens: it is for programs on this machine. */
export const HEALTH_HOST = '127.0.0.1';

/** What the server needs of a guest. */
export interface ObservedGuest {
  readonly vfs: readonly GuestVf[];
  suspend(): Promise<void>;
  resume(): Promise<void>;
}

/**
 * The server of a guest for programs on its machine:
 *
 * - `GET`, on any path: 200 when every VF runs, which means that its handshake is done and its
 *   miniport has been initialized, and 503 when not; with the phase of each VF
 * - `POST /suspend`, `POST /resume`: puts the guest to sleep, or wakes it, and answers 200 with the
 *   phase of each VF when all are at rest
 *
 * Whoever may connect to loopback may do both. A page in a browser could as well, and is turned away
 * by the header in which the browser says so, or by the name under which it reached this server.
 */
export function createHealthServer(guest: ObservedGuest): Server {
  return createServer((request, response) => {
    if (request.method === 'POST') servePower(guest, request, response);
    else answerHealth(guest, response);
  });
}

function answerHealth({ vfs }: ObservedGuest, response: ServerResponse): void {
  const running = vfs.length > 0 && vfs.every((vf) => vf.phase === 'running');
  answer(response, running ? 200 : 503, { status: running ? 'ok' : 'not-running', vfs });
}

function servePower(
  guest: ObservedGuest,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  request.resume();
  if (isFromPage(request)) {
    answer(response, 403, { error: 'expected a program on this machine, and no page' });
    return;
  }
  const change = changeOf(guest, request.url);
  if (change === undefined) {
    answer(response, 404, { error: 'expected POST /suspend or POST /resume' });
    return;
  }
  change.then(
    () => answer(response, 200, { vfs: guest.vfs }),
    () => answer(response, 500, { error: 'the guest failed' }),
  );
}

function changeOf(guest: ObservedGuest, url: string | undefined): Promise<void> | undefined {
  switch (url) {
    case '/suspend':
      return guest.suspend();
    case '/resume':
      return guest.resume();
    default:
      return undefined;
  }
}

function isFromPage({ headers }: IncomingMessage): boolean {
  return headers.origin !== undefined || !isOwnHostName(headers.host, HEALTH_HOST);
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}
