import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { ControlClient } from '#cli/control/control-client.ts';
import { CommandFailure } from '#cli/failure.ts';
import { listenOn } from '#shared/listen-on.ts';
import { OperatedHost, REFUSED_BLOCK, TOKEN } from '#test/host/control/operated-host.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** The URL of a server that is no host of this project. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  return `http://127.0.0.1:${await listenOn(server, { host: '127.0.0.1', port: 0 })}`;
}

function clientOf(url: string): ControlClient {
  return new ControlClient({ url, token: TOKEN });
}

/** What a call fails with; it must be for people. */
async function failureOf(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CommandFailure);
  return error instanceof Error ? error.message : '';
}

describe('ControlClient, where no host answers', () => {
  test('nobody listens', async () => {
    const url = await serve(() => {});
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await failureOf(clientOf(url).listVfs())).toBe(
      `no host answers at ${url} (ECONNREFUSED): start one with \`backchannel host\`, ` +
        'or name a running one with --control',
    );
  });

  const strange = /^what answers at http:.* does not speak this version's control API/;

  test.each([
    ['text', '<html>'],
    ['nothing', ''],
    ['other JSON', '{"vfs":5}'],
    ['a VF that lacks a field', '{"numVfs":4,"vfs":[{"vfId":0}]}'],
  ])('%s is no answer', async (_what, body) => {
    const url = await serve((_request, response) => response.end(body));
    expect(await failureOf(clientOf(url).listVfs())).toMatch(strange);
  });

  test('an error page is no refusal', async () => {
    const url = await serve((_request, response) => response.writeHead(502).end('Bad Gateway'));
    expect(await failureOf(clientOf(url).listVfs())).toMatch(strange);
  });

  test('a redirection is not followed: the token is for one host', async () => {
    let carried: string | undefined;
    const other = await serve((request, response) => {
      carried = request.headers.authorization;
      response.end('{}');
    });
    const url = await serve((_request, response) =>
      response.writeHead(302, { location: other }).end(),
    );
    expect(await failureOf(clientOf(url).listVfs())).toMatch(/^no host answers at /);
    expect(carried).toBeUndefined();
  });

  test('an answer that breaks off', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"numVfs":', () => response.destroy());
    });
    expect(await failureOf(clientOf(url).listVfs())).toBe(
      `the host at ${url} went away: it has stopped, or cannot be reached`,
    );
  });

  test.each([
    ['no JSON', 'hello\n'],
    ['a hop that nobody knows', '{"seq":1,"at":1,"hop":"teleport","name":"x"}\n'],
  ])('a trace with %s', async (_what, line) => {
    const url = await serve((_request, response) => response.end(line));
    const signal = new AbortController().signal;
    const lines = clientOf(url).trace({ recent: 1, follow: false }, signal);
    expect(await failureOf(lines.next())).toMatch(strange);
  });

  test('a trace whose line does not end is given up', async () => {
    const url = await serve((_request, response) => response.end('x'.repeat(2_000_000)));
    const signal = new AbortController().signal;
    const lines = clientOf(url).trace({ recent: 1, follow: false }, signal);
    expect(await failureOf(lines.next())).toMatch(/went away/);
  });
});

describe('ControlClient', () => {
  test('speaks every route of a host', async () => {
    const host = await OperatedHost.start();
    const client = clientOf(host.url);
    expect(await client.showHost()).toMatchObject({ version: '1.2.3', allocatedVfs: 1 });
    expect(await client.listVfs()).toMatchObject({ vfs: [{ device: 'g1/0' }] });
    expect(await client.showVf(0)).toMatchObject({ report: { details: { mtu: 1500 } } });
    expect(await client.resetVf(0)).toMatchObject({ status: 0 });
    expect(await client.readBlock(0, 3, 2)).toMatchObject({ data: 'AwM=' });
    expect(await client.readBlock(0, REFUSED_BLOCK, 2)).toMatchObject({ data: '' });
    expect(await client.writeBlock(0, 16, Uint8Array.of(1, 2))).toMatchObject({ status: 0 });
    expect(host.written).toEqual([[16, '0102']]);
    expect(await client.invalidate(0, 1n << 63n)).toEqual({ mask: '0x8000000000000000' });
    await client.ejectVf(0);
    await host.end();
  });

  test('a refusal is told in the words of the host', async () => {
    const host = await OperatedHost.start();
    expect(await failureOf(clientOf(host.url).readBlock(0, 0, 500))).toBe(
      `the host at ${host.url} refuses: length: "500": expected a whole number from 1 to 128`,
    );
    await host.end();
  });

  test('a trace that is called off before it is answered is no failure', async () => {
    const url = await serve(() => {});
    const ending = new AbortController();
    const next = clientOf(url).trace({ recent: 0, follow: true }, ending.signal).next();
    ending.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });
});
