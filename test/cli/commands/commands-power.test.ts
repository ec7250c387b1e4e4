import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { EXIT } from '#cli/failure.ts';
import { listenOn } from '#shared/listen-on.ts';
import { runCommand } from './command-run.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** The port of something that answers so. */
async function answering(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  return String(await listenOn(server, { host: '127.0.0.1', port: 0 }));
}

describe.each(['suspend', 'resume'])('backchannel %s', (command) => {
  test('without a port is misuse', async () => {
    expect(await runCommand([command])).toMatchObject({
      code: EXIT.usage,
      message: 'expected --health-port with the port that the guest was given',
    });
  });

  test.each(['0', '65536', 'x'])('with the port %s is misuse', async (port) => {
    const expected = `--health-port: "${port}": expected a whole number from 1 to 65535`;
    const byFlag = await runCommand([command, '--health-port', port]);
    expect(byFlag).toMatchObject({ code: EXIT.usage, message: expected });
    const byVariable = await runCommand([command], { BACKCHANNEL_HEALTH_PORT: port });
    expect(byVariable).toMatchObject({ code: EXIT.usage, message: expected });
  });

  test('where nobody listens fails with a sentence', async () => {
    const port = await answering(() => {});
    await new Promise((resolve) => server?.close(resolve));
    const { code, message } = await runCommand([command, '--health-port', port]);
    expect(code).toBe(EXIT.failed);
    expect(message).toBe(
      `no guest answers at http://127.0.0.1:${port} (connect ECONNREFUSED 127.0.0.1:${port}): ` +
        `start one with --health-port ${port}`,
    );
  });

  test.each<[string, RequestListener, string]>([
    [
      'that is refused',
      (_request, response) => response.writeHead(403).end('{"error":"not you"}'),
      'refuses (HTTP 403): not you',
    ],
    [
      'at something else than a guest',
      (_request, response) => response.end('<html>'),
      'refuses (HTTP 200): is it a guest of this version?',
    ],
    ['that breaks off', (request) => request.socket.destroy(), 'start one with --health-port'],
    [
      'that is sent elsewhere',
      (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      'start one with --health-port',
    ],
  ])('%s fails with a sentence', async (_how, listener, told) => {
    const port = await answering(listener);
    const { code, stdout, message } = await runCommand([command, '--health-port', port]);
    expect(code).toBe(EXIT.failed);
    expect(stdout).toBe('');
    expect(message).toContain(told);
  });

  test('asks the guest, and prints where its VFs stand, for people or as JSON', async () => {
    const asked: string[] = [];
    const vfs = [{ device: 'g1/0', phase: 'suspended' }];
    const port = await answering((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.end(JSON.stringify({ vfs }));
    });
    const text = await runCommand([command], { BACKCHANNEL_HEALTH_PORT: port });
    expect(text).toMatchObject({ code: EXIT.ok, stdout: 'DEVICE  PHASE\ng1/0    suspended\n' });
    const json = await runCommand([command, '--health-port', port, '--json']);
    expect(JSON.parse(json.stdout)).toEqual({ vfs });
    expect(asked).toEqual([`POST /${command}`, `POST /${command}`]);
  });
});
