import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OperatedHost, refusal } from './operated-host.ts';

let host: OperatedHost;

beforeEach(async () => {
  host = await OperatedHost.start();
});

afterEach(() => host.end());

describe('malformed requests', () => {
  test.each([
    ['GET', '/v1/vfs/x', 'vfId: "x": expected a whole number from 0 to 65535'],
    ['GET', '/v1/vfs/65536', 'vfId: "65536": expected a whole number from 0 to 65535'],
    ['GET', '/v1/vfs/-1', 'vfId: "-1": expected a whole number from 0 to 65535'],
    ['GET', '/v1/vfs/0x1', 'vfId: "0x1": expected a whole number from 0 to 65535'],
    ['POST', '/v1/vfs/x/reset', 'vfId: "x": expected a whole number from 0 to 65535'],
    [
      'GET',
      '/v1/vfs/0/blocks/4294967296',
      'blockId: "4294967296": expected a whole number from 0 to 4294967295',
    ],
    ['GET', '/v1/vfs/0/blocks/0?length=0', 'length: "0": expected a whole number from 1 to 128'],
    [
      'GET',
      '/v1/vfs/0/blocks/0?length=129',
      'length: "129": expected a whole number from 1 to 128',
    ],
    [
      'GET',
      '/v1/vfs/0/blocks/0?length=1&length=2',
      'length: expected one whole number from 1 to 128',
    ],
    ['GET', '/v1/vfs/0/blocks/0?size=1', 'query: Unrecognized key: "size"'],
    ['GET', '/v1/trace?follow=yes', 'follow: expected true or false'],
    ['GET', '/v1/trace?recent=-1', 'recent: "-1": expected a whole number from 0 to 1000000'],
  ])('%s %s names what is wrong', async (method, path, message) => {
    const response = await host.fetch(path, { method });
    expect(await refusal(response)).toEqual([400, 'bad-request', message]);
  });

  test('a filter that is none says which keys there are', async () => {
    const response = await host.fetch('/v1/trace?filter=colour%3Dred');
    const [status, , message] = await refusal(response);
    expect(status).toBe(400);
    expect(message).toMatch(/^filter: unknown key "colour": expected a key of vf, device, /);
  });

  test.each([
    [{}],
    [{ mask: 0x21 }],
    [{ mask: '21' }],
    [{ mask: `0x1${'0'.repeat(16)}` }],
    [{ mask: '0x1', blocks: [0] }],
    [{ blocks: '0,5' }],
    [[0]],
  ])('%j is no invalidation', async (body) => {
    const response = await host.send('POST', '/v1/vfs/0/invalidate', body);
    const [status, code, message] = await refusal(response);
    expect([status, code]).toEqual([400, 'bad-request']);
    expect(message).toMatch(/^(?:body|mask|blocks): .*expected /);
    expect(host.world.hops('ndisMInvalidateConfigBlock')).toEqual([]);
  });

  test.each([64, -1, 1.5])('block %s has no bit in a BlockMask', async (block) => {
    const response = await host.send('POST', '/v1/vfs/0/invalidate', { blocks: [0, block] });
    const [status, code, message] = await refusal(response);
    expect([status, code]).toEqual([400, 'bad-request']);
    expect(message).toMatch(/ from 0 to 63$/);
  });

  test.each([
    ['nothing', ''],
    ['129 bytes', Buffer.alloc(129).toString('base64')],
    ['no base64', '!!!!'],
    ['a number', 5],
  ])('%s cannot be written to a block', async (_what, data) => {
    const response = await host.send('PUT', '/v1/vfs/0/blocks/0', { data });
    const expected = 'data: expected 1 to 128 bytes in base64';
    expect(await refusal(response)).toEqual([400, 'bad-request', expected]);
    expect(host.written).toEqual([]);
  });

  test('a field that nobody knows is refused, since it may be a misspelt one', async () => {
    const response = await host.send('PUT', '/v1/vfs/0/blocks/0', { data: 'AA==', lenght: 1 });
    expect((await refusal(response))[0]).toBe(400);
    expect(host.written).toEqual([]);
  });

  test('a body that is not JSON is refused', async () => {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'PUT', headers, body: '{"data":' };
    const response = await host.fetch('/v1/vfs/0/blocks/0', init);
    expect(await refusal(response)).toEqual([400, 'bad-request', 'the body is not JSON']);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded'])(
    'a body of the type %s, which any page may send, is refused',
    async (type) => {
      const init = { method: 'PUT', headers: { 'content-type': type }, body: '{"data":"AA=="}' };
      const response = await host.fetch('/v1/vfs/0/blocks/0', init);
      expect((await refusal(response)).slice(0, 2)).toEqual([415, 'unsupported-media-type']);
      expect(host.written).toEqual([]);
    },
  );

  test('a body above 4096 bytes is refused before it is read', async () => {
    const response = await host.send('PUT', '/v1/vfs/0/blocks/0', { data: 'A'.repeat(5000) });
    expect((await refusal(response)).slice(0, 2)).toEqual([413, 'body-too-large']);
  });

  test('a body that does not tell its length is refused', async () => {
    const headers = { 'transfer-encoding': 'chunked', 'content-type': 'application/json' };
    const options = { method: 'PUT', body: '{"data":"AA=="}' };
    const response = await host.raw('/v1/vfs/0/blocks/0', headers, options);
    expect(response.statusCode).toBe(411);
    expect(JSON.parse(await text(response))).toMatchObject({ error: { code: 'length-required' } });
    expect(host.written).toEqual([]);
  });

  test('a Host that no URL can be made of gets the same shape', async () => {
    const socket = connect(host.port, '127.0.0.1');
    socket.end('GET /health HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n');
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer).toContain('{"error":{"code":"bad-request","message":');
  });

  test('an unknown route points at the document', async () => {
    const response = await host.fetch('/v2/vfs', { method: 'DELETE' });
    expect(await refusal(response)).toEqual([
      404,
      'no-such-route',
      'DELETE /v2/vfs: see /v1/openapi.json',
    ]);
  });
});
