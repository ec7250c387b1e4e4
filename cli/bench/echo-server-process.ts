import { once } from 'node:events';
import { WebSocketServer } from 'ws';
import { systemClock } from '#shared/time/system.ts';
import type { Endpoint } from './commands.ts';
import { COMPLETION_TEXT } from './echo-frames.ts';
import { measuredMemory } from './measured-memory.ts';
import { serveCommands } from './serve-commands.ts';

/**
 * The server that is measured against: `ws` with nothing around it. It looks at no frame, and answers
 * each with as many bytes as the completion of a read has.
 */

let server: WebSocketServer | undefined;

async function listen(): Promise<Endpoint> {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  server.on('connection', (ws) => {
    ws.on('message', () => ws.send(COMPLETION_TEXT));
    ws.on('error', () => {});
  });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return { url: `ws://127.0.0.1:${address.port}`, token: '' };
}

serveCommands({
  listen,
  memory: ({ connections }) =>
    measuredMemory(connections, () => server?.clients.size ?? 0, systemClock),
});
