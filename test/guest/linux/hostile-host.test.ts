import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { MESSAGES } from '#shared/wire/registry.ts';
import { turn } from '#test/kit/world/turn.ts';
import { bytes } from '#test/support/hex.ts';
import { LinuxBench } from '#test/support/linux-bench.ts';
import { RAW_DEVICE } from '#test/support/raw-host.ts';

/** A message of the host with all that its kind has. */
const WHOLE: Readonly<Record<string, object>> = {
  BUS_RELATIONS2: { devices: [RAW_DEVICE] },
  INVALIDATE_BLOCK: { slot: 0, blockMask: '0x0000000000000001' },
  EJECT: { slot: 0 },
};

function frame(type: string, fields: object): string {
  const message = { type, ...fields };
  return JSON.stringify({
    packet: 'in-band',
    transactionId: 1,
    completionRequested: false,
    message,
  });
}

/** Each message once for each of its fields, without it. */
const SHORT: readonly [string, string][] = Object.entries(WHOLE).flatMap(([type, fields]) =>
  Object.keys(fields).map((field): [string, string] => {
    const rest = Object.fromEntries(Object.entries(fields).filter(([name]) => name !== field));
    return [`${type} without ${field}`, frame(type, rest)];
  }),
);

const MASK = '0x0000000000000001';

/** Expects that a VF whose channel was closed with 1007 has been let go of, once. */
async function expectLeft(bench: LinuxBench): Promise<void> {
  await turn();
  expect(bench.host.closed?.code).toBe(1007);
  expect(bench.bound.removed).toBe(1);
  expect(bench.bound.masks).toEqual([]);
  expect(bench.end).toMatchObject({ how: 'failed' });
  expect(bench.clock.timers).toBe(0);
}

describe('a message of a hostile host', () => {
  test.each<[string, string]>([
    ...SHORT,
    ['a device without its serial number', frame('BUS_RELATIONS2', { devices: [{ slot: 0 }] })],
    ['33 devices', frame('BUS_RELATIONS2', { devices: new Array(33).fill(RAW_DEVICE) })],
    ['a mask of 15 digits', frame('INVALIDATE_BLOCK', { slot: 0, blockMask: '0x000000000000001' })],
    ['a slot of 33 bits', frame('EJECT', { slot: 2 ** 32 })],
    ['a frame that is cut', frame('EJECT', { slot: 0 }).slice(0, -2)],
    ['no JSON', 'x'],
  ])('%s ends the channel, and nothing acts on it [linux.malformed]', async (_what, text) => {
    const bench = await new LinuxBench().run();
    bench.host.text(text);
    await expectLeft(bench);
  });

  test('a completion that breaks its schema ends the channel [linux.malformed]', async () => {
    const bench = await new LinuxBench({
      onHost: (host) => {
        host.answers['READ_BLOCK'] = () => ({ status: 0, bytes: 'not base64' });
      },
    }).run();
    expect(await bench.bound.read(5, 4)).toBe(-19);
    await expectLeft(bench);
  });

  test.each([
    ['of an unknown type', 'QUERY_STOP', { slot: 0 }],
    ['that breaks its schema', 'EJECT', {}],
    ['that is none to be completed', 'INVALIDATE_BLOCK', { slot: 0, blockMask: MASK }],
  ])(
    '%s and asks for a completion is answered with STATUS_BAD_DATA, and the VF runs on [linux.malformed]',
    async (_what, type, message) => {
      const bench = await new LinuxBench().run();
      expect(await bench.host.ask(type, message)).toEqual({ status: NTSTATUS.STATUS_BAD_DATA });
      expect(bench.bound.masks).toEqual([]);
      expect(await bench.bound.read(5, 1)).toEqual(bytes('11'));
    },
  );
});

describe('a Linux guest under a hostile host', () => {
  const types = MESSAGES.map(({ type }) => type);
  const field = fc.oneof(fc.nat(), fc.string({ maxLength: 20 }), fc.boolean(), fc.constant(null));
  const fields = fc.record(
    {
      slot: fc.oneof(fc.nat({ max: 300 }), field),
      blockMask: fc.oneof(fc.constant('0x00000000000000ff'), field),
      devices: fc.oneof(fc.array(fc.constantFrom(RAW_DEVICE, {}, null), { maxLength: 3 }), field),
      status: field,
      bytes: field,
    },
    { requiredKeys: [] },
  );
  const hostile = fc.record({
    packet: fc.constantFrom('in-band', 'completion', 'x'),
    transactionId: fc.oneof(fc.nat({ max: 20 }), field),
    completionRequested: fc.boolean(),
    message: fields.chain((rest) =>
      fc.constantFrom(...types, 'UNKNOWN').map((type) => ({ type, ...rest })),
    ),
  });

  test('lives or leaves in good order, whatever it is sent and when [linux.malformed]', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(hostile, { maxLength: 8 }),
        fc.constantFrom(
          'QUERY_PROTOCOL_VERSION',
          'QUERY_BUS_RELATIONS',
          'FDO_D0_ENTRY',
          'READ_BLOCK',
        ),
        async (frames, at) => {
          const bench = await new LinuxBench({
            onHost: (host) => {
              const answer = host.answers[at];
              host.answers[at] = (request) => {
                for (const each of frames) host.json(each);
                return answer?.(request);
              };
            },
          }).run();
          if (bench.phases.at(-1) === 'running') await bench.bound.read(5, 4);
          const stopped = bench.os.stop();
          await bench.clock.advance(40_000);
          await stopped;
          expect(bench.end).toBeDefined();
          expect(bench.clock.timers).toBe(0);
          for (const { removed } of bench.driver.instances) expect(removed).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 150, seed: 2026 },
    );
  });
});
