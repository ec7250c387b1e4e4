import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { MAX_FRAME_BYTES } from '#shared/transport/close-codes.ts';
import { MESSAGES } from '#shared/wire/registry.ts';
import type { RawGuest } from '#test/kit/world/raw-guest.ts';
import { turn } from '#test/kit/world/turn.ts';
import { createWorld, type World } from '#test/kit/world/world.ts';
import { bytes } from '#test/support/hex.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';

interface Bench {
  readonly world: World;
  readonly pf: RecordingPf;
  /** A guest that keeps to the rules, on VF 0. */
  readonly good: RecordingVf;
  /** A guest that does not, on VF 1. */
  readonly bad: RawGuest;
}

async function newBench(): Promise<Bench> {
  const pf = new RecordingPf();
  const world = await createWorld({ pf: pf.factory });
  const good = new RecordingVf();
  await world.attachGuest(good.factory, { name: 'good' });
  await good.current.write(5, bytes('AA'));
  const { guest: bad } = await world.attachRawGuest('bad');
  await bad.enterD0();
  bad.received.length = 0;
  return { world, pf, good, bad };
}

const READ = { blockId: 5, slot: 0, bytesRequested: 1 };
const WRITE = { blockId: 5, slot: 0, byteCount: 128, bytes: '' };

/** Expects that the good guest notices nothing: it reads, and is told what changes. */
async function expectUnharmed({ pf, good }: Bench): Promise<void> {
  expect(await good.current.read(5, 1)).toEqual(bytes('AA'));
  pf.invalidate(0, 1n);
  await turn();
  expect(good.current.masks.at(-1)).toBe(1n);
  expect(good.current.halts).toEqual([]);
}

describe('a guest that breaks the rules of the channel', () => {
  const oversized = JSON.stringify({ packet: 'in-band', padding: 'x'.repeat(MAX_FRAME_BYTES) });

  test.each<[string, string, number]>([
    ['no JSON', '{', 1007],
    ['JSON that is no packet', '[]', 1007],
    [
      'a notification without its slot',
      '{"packet":"in-band","transactionId":1,"completionRequested":false,"message":{"type":"EJECT_COMPLETE"}}',
      1007,
    ],
    ['a frame above the limit', oversized, 1009],
    [
      'a version query in D0',
      '{"packet":"in-band","transactionId":1,"completionRequested":true,"message":{"type":"QUERY_PROTOCOL_VERSION","protocolVersion":65537}}',
      1002,
    ],
  ])(
    'with %s loses its channel and its VF; every other VF runs on [messages.unanswerable]',
    async (_what, text, code) => {
      const bench = await newBench();
      bench.bad.text(text);
      await turn();
      expect(bench.bad.closed).toMatchObject({ code });
      expect(bench.world.host.vfs.map((vf) => vf.device)).toEqual(['good/0']);
      await expectUnharmed(bench);
    },
  );

  test.each<[string, string, object]>([
    ['a field too many', 'READ_BLOCK', { ...READ, vfId: 0 }],
    ['a block id of 33 bits', 'READ_BLOCK', { ...READ, blockId: 2 ** 32 }],
    ['a negative length', 'READ_BLOCK', { ...READ, bytesRequested: -1 }],
    ['bytes that are no base64', 'WRITE_BLOCK', { ...WRITE, bytes: '*' }],
    ['133 bytes', 'WRITE_BLOCK', { ...WRITE, bytes: Buffer.alloc(133).toString('base64') }],
    ['nothing in it', 'DEVICE_POWER_STATE_CHANGE', {}],
  ])(
    'with a request that has %s is answered with STATUS_BAD_DATA and keeps its channel; no PF is asked [messages.malformed]',
    async (_what, type, fields) => {
      const bench = await newBench();
      bench.pf.oids.length = 0;
      expect(await bench.bad.ask(type, fields)).toEqual({ status: NTSTATUS.STATUS_BAD_DATA });
      expect(bench.bad.closed).toBeUndefined();
      expect(bench.pf.oids).toEqual([]);
      expect(await bench.bad.ask('READ_BLOCK', READ)).toEqual({ status: 0, bytes: 'BQ==' });
      await expectUnharmed(bench);
    },
  );

  test('before it has agreed on a version loses its channel by what cannot be served [messages.unserved-before-version]', async () => {
    const { world } = await newBench();
    const { guest: unknown } = await world.attachRawGuest('unknown');
    unknown.request('GET_RESOURCES', { slot: 0 });
    const { guest: malformed } = await world.attachRawGuest('malformed');
    malformed.request('QUERY_PROTOCOL_VERSION', {});
    await turn();
    expect(unknown.closed).toMatchObject({ code: 1002 });
    expect(malformed.closed).toMatchObject({ code: 1007 });
  });

  test('with a message of a type that the host does not know keeps its channel [messages.unknown-type]', async () => {
    const bench = await newBench();
    expect(await bench.bad.ask('GET_RESOURCES', { slot: 0 })).toEqual({
      status: NTSTATUS.STATUS_BAD_DATA,
    });
    expect(
      await bench.bad.ask('INVALIDATE_BLOCK', { slot: 0, blockMask: '0x0000000000000001' }),
    ).toEqual({
      status: NTSTATUS.STATUS_BAD_DATA,
    });
    expect(bench.bad.closed).toBeUndefined();
    await expectUnharmed(bench);
  });

  test('with completions of what nobody asked keeps its channel, and completes nothing', async () => {
    const bench = await newBench();
    for (let id = 1; id < 10; id++) bench.bad.complete(id, { status: 0 });
    await turn();
    expect(bench.bad.closed).toBeUndefined();
    await expectUnharmed(bench);
  });

  test('reaches no VF but its own, whatever slot it names [read.vf-is-the-channel]', async () => {
    const bench = await newBench();
    bench.pf.asked.length = 0;
    for (const slot of [0, 1, 2, 0xffff_ffff]) {
      bench.bad.read(5, 1, slot);
      bench.bad.write(5, bytes('EE'), 1, slot);
    }
    await turn();
    const vfIds = bench.pf.asked.map(({ informationBuffer }) =>
      new DataView(informationBuffer.buffer).getUint16(4, true),
    );
    expect(vfIds).toEqual([1, 1]);
    await expectUnharmed(bench);
  });

  test('and comes back gets another instance, and nothing of the old one', async () => {
    const bench = await newBench();
    bench.bad.write(5, bytes('EE'));
    bench.bad.text('x');
    await turn();
    const { guest } = await bench.world.attachRawGuest('other');
    await guest.enterD0();
    const id = guest.read(5, 1);
    await turn();
    expect(bench.world.host.vfs.at(-1)).toMatchObject({ vfId: 1, generation: 3 });
    expect(guest.completionsOf(id)).toEqual([{ status: 0, bytes: 'BQ==' }]);
  });

  test('that floods the PF is bounded to 64 requests, and the others get their turn', async () => {
    const bench = await newBench();
    const answers = Array.from({ length: 64 }, (_, block) => bench.bad.read(block, 1));
    const beyond = Array.from({ length: 1_000 }, () => bench.bad.read(0, 1));
    expect(await bench.good.current.read(5, 1)).toEqual(bytes('AA'));
    await turn();
    for (const id of [...answers, ...beyond]) expect(bench.bad.completionsOf(id)).toHaveLength(1);
    await expectUnharmed(bench);
  });

  test('whatever it sends, the host lives and the other VF runs on', async () => {
    const field = fc.oneof(
      fc.constantFrom<unknown>(
        0,
        1,
        5,
        128,
        129,
        -1,
        2 ** 32,
        'AA==',
        '*',
        null,
        '0x0000000000000001',
      ),
      fc.jsonValue(),
    );
    const frame = fc.record({
      packet: fc.constantFrom('in-band', 'in-band', 'in-band', 'completion', 'x'),
      transactionId: fc.constantFrom(1, 2, 3, 0, -1, '1'),
      completionRequested: fc.constantFrom(true, true, false, 'yes'),
      message: fc.record(
        {
          type: fc.constantFrom(...MESSAGES.map((message) => message.type), 'x'),
          blockId: field,
          slot: fc.constantFrom(0, 0, 0, 1, 'x'),
          bytesRequested: field,
          byteCount: field,
          bytes: field,
          protocolVersion: field,
          status: field,
        },
        { requiredKeys: ['type'] },
      ),
    });
    const bench = await newBench();
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 8 }), async (frames) => {
        const { guest } = await bench.world.attachRawGuest('fuzz');
        await guest.enterD0();
        for (const each of frames) guest.json(each);
        await turn();
        guest.close();
        await turn();
        expect(bench.world.host.vfs).toHaveLength(2);
        expect(await bench.good.current.read(5, 1)).toEqual(bytes('AA'));
      }),
      { numRuns: 150, seed: 1 },
    );
    await expectUnharmed(bench);
  });
});

describe('a guest whose PF miniport hates it', () => {
  test('fails alone: the PF throws for its VF only', async () => {
    const bench = await newBench();
    bench.world.expectBreaches('driver.no-exception');
    bench.pf.intercept = ({ informationBuffer }) => {
      const vfId = new DataView(informationBuffer.buffer).getUint16(4, true);
      if (vfId === 1) throw Object.create(null);
      return undefined;
    };
    const id = bench.bad.read(5, 1);
    await turn();
    expect(bench.bad.completionsOf(id)).toEqual([{ status: NTSTATUS.STATUS_UNSUCCESSFUL }]);
    expect(await bench.good.current.write(6, bytes('01'))).toBe(NDIS_STATUS.NDIS_STATUS_SUCCESS);
    await expectUnharmed(bench);
  });
});
