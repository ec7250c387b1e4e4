import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OperatedHost, refusal } from './operated-host.ts';

let host: OperatedHost;

beforeEach(async () => {
  host = await OperatedHost.start({ pfs: ['left', 'right'], traceHistory: 1000 });
  host.asked.length = 0;
});

afterEach(() => host.end());

const ON_A_VF = [
  ['GET', '/v1/vfs/0', undefined],
  ['POST', '/v1/vfs/0/reset', undefined],
  ['POST', '/v1/vfs/0/eject', undefined],
  ['GET', '/v1/vfs/0/blocks/0', undefined],
  ['PUT', '/v1/vfs/0/blocks/0', { data: 'AA==' }],
  ['POST', '/v1/vfs/0/invalidate', { blocks: [0] }],
] as const;

function send(method: string, path: string, body: object | undefined): Promise<Response> {
  return body === undefined ? host.fetch(path, { method }) : host.send(method, path, body);
}

describe('a VF of a host with several PFs', () => {
  test.each(ON_A_VF)('%s %s has to be of a PF that is named', async (method, path, body) => {
    expect(await refusal(await send(method, path, body))).toEqual([
      400,
      'which-pf',
      'which PF? This host has: left, right',
    ]);
  });

  test.each(ON_A_VF)('%s %s has to be of a PF that is there', async (method, path, body) => {
    const response = await send(method, `${path}?pf=middle`, body);
    const message = 'there is no PF middle; this host has: left, right';
    expect(await refusal(response)).toEqual([404, 'no-such-pf', message]);
  });

  test.each(ON_A_VF)('%s %s takes one PF, by a name', async (method, path, body) => {
    const expected = /^pf: (expected 1 to 63 letters|.*received array)/;
    for (const query of ['pf=..%2Fetc', 'pf=', 'pf=left&pf=right']) {
      const [status, code, message] = await refusal(await send(method, `${path}?${query}`, body));
      expect([status, code, message]).toEqual([
        400,
        'bad-request',
        expect.stringMatching(expected),
      ]);
    }
  });

  test('that is not allocated there is not found, though another PF has it', async () => {
    await host.world.os.pfNamed('right')?.ejectVf(0);
    await host.world.settled();
    const response = await host.fetch('/v1/vfs/0/blocks/0?pf=right');
    expect((await refusal(response)).slice(0, 2)).toEqual([404, 'no-such-vf']);
    expect((await host.fetch('/v1/vfs/0/blocks/0?pf=left')).status).toBe(200);
  });
});

describe('what is asked of a PF that is named', () => {
  test('reaches that one alone', async () => {
    for (const [method, path, body] of ON_A_VF.slice(1, 5)) {
      if (!path.endsWith('eject')) await send(method, `${path}?pf=right`, body);
    }
    expect(host.asked).toEqual(['right: reset 0', 'right: read 0', 'right: write 0']);
    expect(host.messages).toContain('operator request');
  });

  test('to eject or to invalidate befalls its VF alone', async () => {
    host.world.events.length = 0;
    await host.send('POST', '/v1/vfs/0/invalidate?pf=right', { blocks: [3] });
    await host.fetch('/v1/vfs/0/eject?pf=left', { method: 'POST' });
    await host.world.settled();
    expect(host.invalidated).toEqual([[3]]);
    const sent = host.world.eventsOf('hostPacketSent').map(({ name, pf }) => [name, pf]);
    expect(sent).toEqual([
      ['INVALIDATE_BLOCK', 'right'],
      ['EJECT', 'left'],
    ]);
    expect(host.world.os.pfs.map((pf) => pf.vfs.length)).toEqual([0, 1]);
  });
});

describe('the lists of a host with several PFs', () => {
  test('have every VF beside its PF, or those of one PF', async () => {
    const all: unknown = await (await host.fetch('/v1/vfs')).json();
    expect(all).toMatchObject({
      numVfs: 8,
      vfs: [
        { pf: 'left', vfId: 0, device: 'g1/0' },
        { pf: 'right', vfId: 0, device: 'g1/1' },
      ],
    });
    const one: unknown = await (await host.fetch('/v1/vfs?pf=right')).json();
    expect(one).toMatchObject({ numPfs: 2, numVfs: 4, vfs: [{ pf: 'right', device: 'g1/1' }] });
    const unknown = await host.fetch('/v1/vfs?pf=middle');
    expect((await refusal(unknown)).slice(0, 2)).toEqual([404, 'no-such-pf']);
  });

  test('have every PF, and one is shown with what NDIS tells of it', async () => {
    const left = { name: 'left', driver: 'mine.ts', numVfs: 4, allocatedVfs: 1 };
    expect(await (await host.fetch('/v1/pfs')).json()).toEqual({
      pfs: [left, { ...left, name: 'right' }],
    });
    const shown: unknown = await (await host.fetch('/v1/pfs/left')).json();
    expect(shown).toMatchObject({
      ...left,
      luid: expect.stringMatching(/^0x[0-9a-f]{16}$/),
      switches: [{ switchId: 0, numVfs: 4, numAllocatedVfs: 1 }],
      vfs: [{ vfId: 0, vmName: 'g1', nicName: 'g1--0', macAddress: '02:15:5d:00:00:01' }],
    });
    const unknown = await host.fetch('/v1/pfs/middle');
    expect((await refusal(unknown)).slice(0, 2)).toEqual([404, 'no-such-pf']);
  });

  test('have the events of one PF', async () => {
    for (const pf of ['left', 'right']) await host.fetch(`/v1/vfs/0/blocks/0?pf=${pf}`);
    const text = await (await host.fetch('/v1/trace?filter=pf%3Dright&recent=1000')).text();
    const pfs = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).pf);
    expect(pfs.length).toBeGreaterThan(3);
    expect(new Set(pfs)).toEqual(new Set(['right']));
  });
});
