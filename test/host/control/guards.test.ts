import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OperatedHost, refusal, TOKEN } from './operated-host.ts';

let host: OperatedHost;

beforeEach(async () => {
  host = await OperatedHost.start();
});

afterEach(() => host.end());

const ROUTES = [
  ['GET', '/v1/host'],
  ['GET', '/v1/vfs'],
  ['GET', '/v1/vfs/0'],
  ['POST', '/v1/vfs/0/reset'],
  ['POST', '/v1/vfs/0/eject'],
  ['GET', '/v1/vfs/0/blocks/0'],
  ['PUT', '/v1/vfs/0/blocks/0'],
  ['POST', '/v1/vfs/0/invalidate'],
  ['GET', '/v1/trace'],
  ['GET', '/v1/openapi.json'],
  ['GET', '/nothing'],
] as const;

describe('who may ask', () => {
  test.each(ROUTES)('%s %s without the token is refused', async (method, path) => {
    const response = await fetch(`${host.url}${path}`, { method });
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await refusal(response)).toEqual([401, 'wrong-token', expect.any(String)]);
    expect(host.guest.phases.at(-1)).toBe('g1/0 running');
  });

  test.each([
    'Bearer wrong',
    `Bearer ${TOKEN} `.trim().concat('x'),
    `Basic ${TOKEN}`,
    TOKEN,
    'Bearer ',
  ])('the authorization "%s" is refused', async (authorization) => {
    const response = await fetch(`${host.url}/v1/vfs`, { headers: { authorization } });
    expect((await refusal(response))[0]).toBe(401);
  });

  test.each(['/health', '/v1/vfs'])(
    '%s under the name of another host is refused',
    async (path) => {
      const response = await host.raw(path, { host: `rebound.example:${host.port}` });
      expect(response.statusCode).toBe(403);
      expect(JSON.parse(await text(response))).toEqual({
        error: {
          code: 'foreign-host',
          message: 'the Host header names another host: expected localhost or 127.0.0.1',
        },
      });
    },
  );

  test('its own names are accepted', async () => {
    for (const name of ['localhost', '127.0.0.1', `[::1]:${host.port}`]) {
      const response = await host.raw('/v1/vfs', { host: name });
      expect(response.statusCode).toBe(200);
      response.resume();
    }
  });

  test('a page of another site is given nothing that would let it read an answer', async () => {
    const headers = { origin: 'http://rebound.example', 'access-control-request-method': 'GET' };
    for (const method of ['OPTIONS', 'GET']) {
      const response = await host.fetch('/v1/vfs', { method, headers });
      const names = [...response.headers.keys()];
      expect(names.filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });
});
