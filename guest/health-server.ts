import { createServer, type Server } from 'node:http';
import type { GuestVf } from './guest-os.ts';

/**
 * Answers whether every VF of this guest runs, which means that its handshake is done and its
 * miniport has been initialized: 200 when so, 503 when not, with the phase of each VF.
 */
export function createHealthServer(vfs: () => readonly GuestVf[]): Server {
  return createServer((_request, response) => {
    const now = vfs();
    const running = now.length > 0 && now.every((vf) => vf.phase === 'running');
    response.writeHead(running ? 200 : 503, { 'content-type': 'application/json' });
    response.end(`${JSON.stringify({ status: running ? 'ok' : 'not-running', vfs: now })}\n`);
  });
}
