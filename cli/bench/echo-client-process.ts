import { once } from 'node:events';
import { WebSocket } from 'ws';
import { systemClock } from '#shared/time/system.ts';
import type { Given, Taken } from './commands.ts';
import { REQUEST_TEXT } from './echo-frames.ts';
import { type RoundTrip, sequentially, throughput } from './load.ts';
import { serveCommands } from './serve-commands.ts';

/** The client that is measured against: `ws` with nothing around it but who waits for an answer. */

interface EchoConnection {
  readonly ws: WebSocket;
  readonly roundTrip: RoundTrip;
}

/** Connections that are opened at once: no more than a server's queue of new connections holds. */
const CONNECTIONS_AT_ONCE = 100;

let connections: EchoConnection[] = [];

async function connect({ url, connections: count }: Taken<'connect'>): Promise<Given<'connect'>> {
  for (let left = count; left > 0; left -= CONNECTIONS_AT_ONCE) {
    const length = Math.min(left, CONNECTIONS_AT_ONCE);
    connections.push(...(await Promise.all(Array.from({ length }, () => open(url)))));
  }
  return {};
}

async function open(url: string): Promise<EchoConnection> {
  const ws = new WebSocket(url, { perMessageDeflate: false });
  const waiting: (() => void)[] = [];
  ws.on('message', () => waiting.shift()?.());
  await once(ws, 'open');
  const roundTrip = (): Promise<void> =>
    new Promise((resolve) => {
      waiting.push(resolve);
      ws.send(REQUEST_TEXT);
    });
  return { ws, roundTrip };
}

async function disconnect(): Promise<Given<'disconnect'>> {
  const closed = connections.map(({ ws }) => once(ws, 'close'));
  for (const { ws } of connections) ws.close();
  await Promise.all(closed);
  connections = [];
  return {};
}

serveCommands({
  connect,
  disconnect,
  async sequential({ milliseconds }) {
    const [first] = connections;
    if (first === undefined) throw new Error('no connection is open');
    return { durations: await sequentially(first.roundTrip, milliseconds, systemClock) };
  },
  async throughput({ milliseconds, inFlight }) {
    const roundTrips = connections.map(({ roundTrip }) => roundTrip);
    return { perSecond: await throughput(roundTrips, inFlight, milliseconds, systemClock) };
  },
});
