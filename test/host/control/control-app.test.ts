import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { OperatedHost, REFUSED_BLOCK, refusal } from './operated-host.ts';

let host: OperatedHost;

beforeEach(async () => {
  host = await OperatedHost.start();
});

afterEach(async () => {
  vi.restoreAllMocks();
  await host.end();
});

describe('failures', () => {
  test.each([
    ['GET', '/v1/vfs/7', undefined],
    ['POST', '/v1/vfs/7/reset', undefined],
    ['POST', '/v1/vfs/7/eject', undefined],
    ['GET', '/v1/vfs/7/blocks/0', undefined],
    ['PUT', '/v1/vfs/7/blocks/0', { data: 'AA==' }],
    ['POST', '/v1/vfs/7/invalidate', { blocks: [0] }],
  ])('%s %s: the VF is not allocated', async (method, path, body) => {
    const response = await (body ? host.send(method, path, body) : host.fetch(path, { method }));
    expect(await refusal(response)).toEqual([404, 'no-such-vf', 'VF 7 is not allocated']);
  });

  test('a defect of the host is logged, and none of it is told', async () => {
    vi.spyOn(host.world.host, 'resetVf').mockRejectedValue(new Error('a secret of the host'));
    const response = await host.fetch('/v1/vfs/0/reset', { method: 'POST' });
    const answer = await refusal(response);
    expect(answer.slice(0, 2)).toEqual([500, 'internal-error']);
    expect(answer[2]).not.toContain('secret');
    expect(host.messages).toContain('the control API failed: a secret of the host');
  });

  test('a status of the PF miniport is an answer, not an error', async () => {
    const read = await host.fetch(`/v1/vfs/0/blocks/${REFUSED_BLOCK}`);
    const status = { status: 0xc0010015, statusName: 'NDIS_STATUS_INVALID_DATA' };
    expect([read.status, await read.json()]).toEqual([200, { ...status, data: '', hex: '' }]);
    const write = await host.send('PUT', `/v1/vfs/0/blocks/${REFUSED_BLOCK}`, { data: 'AA==' });
    expect([write.status, await write.json()]).toEqual([200, status]);
  });

  test('health says no once the PF is halted', async () => {
    const stopped = host.world.host.stop();
    await host.world.clock.advance(5_000);
    await stopped;
    const response = await fetch(`${host.url}/health`);
    expect((await refusal(response)).slice(0, 2)).toEqual([503, 'not-started']);
  });
});

describe('answers', () => {
  test('health needs no token', async () => {
    const response = await fetch(`${host.url}/health`);
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  });

  test('the host tells what it is and how long it runs', async () => {
    await host.world.clock.advance(2_500);
    expect(await (await host.fetch('/v1/host')).json()).toEqual({
      version: '1.2.3',
      nodeVersion: process.version,
      channelPort: 4040,
      startedAt: '2023-11-14T22:13:20.000Z',
      uptimeSeconds: 2.5,
      numVfs: 4,
      allocatedVfs: 1,
    });
  });

  const VF = {
    pf: 'pf0',
    vfId: 0,
    vportId: 1,
    device: 'g1/0',
    state: 'running',
    generation: 1,
    protocolVersion: '1.6',
    devicePowerState: 'NdisDeviceStateD0',
    pendingMask: '0x0000000000000000',
    outstanding: 0,
    framesSent: expect.any(Number),
    framesReceived: expect.any(Number),
    bytesSent: expect.any(Number),
    bytesReceived: expect.any(Number),
    allocatedAt: '2023-11-14T22:13:20.000Z',
  };

  test('every VF is listed, and one is shown with what the PF knows of it', async () => {
    const list: unknown = await (await host.fetch('/v1/vfs')).json();
    expect(list).toEqual({ numPfs: 1, numVfs: 4, vfs: [VF] });
    const report = { blocks: [{ blockId: 0, name: 'attributes' }], details: { mtu: 1500 } };
    expect(await (await host.fetch('/v1/vfs/0')).json()).toMatchObject({ ...VF, report });
  });

  test('a VF is shown as what its guest sees on the bus', async () => {
    const shown: unknown = await (await host.fetch('/v1/vfs/0')).json();
    expect(shown).toMatchObject({
      pciFunction: {
        vendorId: 0xffff,
        deviceId: 0xffff,
        revisionId: 1,
        baseClass: 2,
        subClass: 0,
        progIf: 0,
        subVendorId: 0xfffe,
        subSystemId: 1,
        bars: [
          { index: 0, space: 'memory', bits: 64, prefetchable: true, length: 0x4000 },
          { index: 2, space: 'memory', bits: 64, prefetchable: true, length: 0x1000 },
        ],
      },
    });
  });

  test('a mask that waits is shown with all its 64 bits', async () => {
    host.guest.link.host.congest();
    await host.send('POST', '/v1/vfs/0/invalidate', { mask: '0x8000000000000001' });
    const vf: unknown = await (await host.fetch('/v1/vfs/0')).json();
    expect(vf).toMatchObject({ pendingMask: '0x8000000000000001' });
  });

  test('a reset is OID_SRIOV_RESET_VF', async () => {
    const response = await host.fetch('/v1/vfs/0/reset', { method: 'POST' });
    expect(await response.json()).toEqual({ status: 0, statusName: 'NDIS_STATUS_SUCCESS' });
    expect(host.world.events.map((event) => event.name)).toContain('OID_SRIOV_RESET_VF');
    expect(host.messages).toContain('operator request');
  });

  test('an eject is answered at once, and the guest gives the VF back', async () => {
    const response = await host.fetch('/v1/vfs/0/eject', { method: 'POST' });
    expect([response.status, await response.text()]).toEqual([202, '']);
    await host.world.settled();
    expect(host.world.states.at(-1)).toBe('g1/0 freed');
  });

  test('a read gives as many bytes as were asked for, 128 when nobody says', async () => {
    const short = await host.fetch('/v1/vfs/0/blocks/3?length=2');
    expect(await short.json()).toEqual({
      status: 0,
      statusName: 'NDIS_STATUS_SUCCESS',
      data: 'AwM=',
      hex: '0303',
    });
    const whole = await host.fetch('/v1/vfs/0/blocks/4294967295');
    expect(await whole.json()).toMatchObject({ hex: 'ff'.repeat(128) });
  });

  test('a write reaches the PF byte by byte', async () => {
    const data = Buffer.from('0100ff', 'hex').toString('base64');
    const response = await host.send('PUT', '/v1/vfs/0/blocks/16', { data });
    expect(await response.json()).toEqual({ status: 0, statusName: 'NDIS_STATUS_SUCCESS' });
    expect(host.written).toEqual([[16, '0100ff']]);
  });

  test.each([
    [{ blocks: [0, 5] }, '0x0000000000000021', [0, 5]],
    [{ mask: '0x8000000000000000' }, '0x8000000000000000', [63]],
    [{ mask: '0xA' }, '0x000000000000000a', [1, 3]],
  ])('an invalidation with %j reaches the VF driver', async (body, mask, blocks) => {
    const response = await host.send('POST', '/v1/vfs/0/invalidate', body);
    expect(await response.json()).toEqual({ mask });
    await host.world.settled();
    expect(host.invalidated).toEqual([blocks]);
  });

  test('an invalidation of nothing is no error, and reaches nobody', async () => {
    const response = await host.send('POST', '/v1/vfs/0/invalidate', { blocks: [] });
    expect(await response.json()).toEqual({ mask: '0x0000000000000000' });
    await host.world.settled();
    expect(host.invalidated).toEqual([]);
  });

  test('the global objects of the process stay as they are', () => {
    expect(Object.getOwnPropertyNames(Response.prototype)).toContain('clone');
    expect(Response.name).toBe('Response');
    expect(Object.getPrototypeOf(Response)).toBe(Function.prototype);
    expect(Object.getPrototypeOf(Request)).toBe(Function.prototype);
  });
});
