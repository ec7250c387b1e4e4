import { afterEach, describe, expect, test, vi } from 'vitest';
import { InvalidationLoop } from '#guest/ndis/invalidation-loop.ts';
import { defineVfMiniport } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { PendedInvalidate } from '#guest/vpci/pended-invalidate.ts';
import { PfNdis } from '#host/ndis/ndis.ts';
import { InvalidationCache } from '#host/virtualization-stack/invalidation-cache.ts';
import { readVfConfigBlock } from '#host/virtualization-stack/vf-oids.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { OidQueue } from '#shared/ndis/oid-queue.ts';
import { delay } from '#shared/time/clock.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';
import { duplicate } from '../faults/fault.ts';
import { runScenario } from '../scenario/run-scenario.ts';
import { type ControlledTransport, frameOf } from '../world/controlled-transport.ts';
import { createWorld, type World } from '../world/world.ts';
import type { WorldOptions } from '../world/world-options.ts';
import type { Verdict } from './checker.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

interface Bench {
  readonly world: World;
  readonly pf: RecordingPf;
  readonly vf: RecordingVf;
}

/** A world with a VF whose channel is tampered with: what the host sends becomes what `change` gives. */
async function running(
  change: (text: string) => readonly string[] = (text) => [text],
  vf = new RecordingVf(),
  options: Partial<WorldOptions> = {},
): Promise<Bench> {
  const pf = new RecordingPf();
  const world = await createWorld({ pf: pf.factory, ...options });
  await world.attachGuest(vf.factory, { onLink: ({ host }) => tamper(host, change) });
  return { world, pf, vf };
}

function tamper(end: ControlledTransport, change: (text: string) => readonly string[]): void {
  const send = end.send.bind(end);
  end.send = (text) => {
    for (const each of change(text)) send(each);
  };
}

/** The rules that are broken when the world has ended, with what was said of them. */
async function broken(world: World): Promise<readonly Verdict[]> {
  await world.end();
  return world.check().filter(({ holds }) => holds === false);
}

const isRead = (text: string): boolean => {
  const { packet, message } = frameOf(text);
  return packet === 'completion' && 'bytes' in message;
};

/**
 * Each rule, against an emulator that is sabotaged, or a driver that does what none may. For I5 there is
 * fresh-reads.test.ts, for I9 hanging.test.ts.
 */
describe('a sabotaged emulator breaks', () => {
  test('I1 when the answer to a read is lost on the channel, though the end of the VF completes it', async () => {
    let lost = false;
    const { world, vf } = await running((text) => {
      const isLost = isRead(text) && !lost;
      lost ||= isLost;
      return isLost ? [] : [text];
    });
    const first = vf.current.read(5, 1);
    await vf.current.read(6, 1);
    expect(await broken(world)).toMatchObject([
      {
        id: 'I1',
        why: [expect.stringMatching(/block 5 .* was not completed before the scenario ended: .*/)],
      },
    ]);
    expect(await first).not.toEqual(Uint8Array.of(5));
  });

  test('I2 when a read is answered with the data of another', async () => {
    const five = Buffer.of(5).toString('base64');
    const { world, vf } = await running((text) => [
      isRead(text) ? text.replace(`"${five}"`, `"${Buffer.of(6).toString('base64')}"`) : text,
    ]);
    expect(await vf.current.read(5, 1)).toEqual(Uint8Array.of(6));
    expect(await broken(world)).toMatchObject([
      { id: 'I2', why: [expect.stringMatching(/returned 06 .* the PF had answered 05/)] },
    ]);
  });

  test('I3 when the VPCI driver completes no IOCTL_VPCI_INVALIDATE_BLOCK', async () => {
    const { world, pf } = await running();
    vi.spyOn(PendedInvalidate.prototype, 'notify').mockReturnValue(false);
    pf.invalidate(0, 2n);
    expect(await broken(world)).toMatchObject([
      {
        id: 'I3',
        why: [
          expect.stringMatching(
            /never told of 0x2 .* the VPCI driver receives a packet from the host, and the VF lived/,
          ),
        ],
      },
    ]);
  });

  test('I4 when the stack does not clear the mask that it has sent', async () => {
    vi.spyOn(InvalidationCache.prototype, 'take').mockImplementation(function (
      this: InvalidationCache,
    ) {
      return this.mask;
    });
    const { world, pf } = await running();
    pf.invalidate(0, 2n);
    await world.settled();
    pf.invalidate(0, 4n);
    await world.settled();
    const verdicts = await broken(world);
    expect(verdicts.find(({ id }) => id === 'I4')?.why[0]).toMatch(/was told of bit 1 in 0x6/);
  });

  test('I4 for one VF, though a fault has doubled a mask of another', async () => {
    const faults = [
      {
        when: { hop: 'hostPacketSent', name: 'INVALIDATE_BLOCK', device: 'g2/0' },
        do: duplicate(),
      },
    ] as const;
    const twice = (text: string): readonly string[] =>
      frameOf(text).message.type === 'INVALIDATE_BLOCK' ? [text, text] : [text];
    const { world, pf } = await running(twice, new RecordingVf(), { faults });
    await world.attachGuest(new RecordingVf().factory, { name: 'g2' });
    pf.invalidate(0, 2n);
    pf.invalidate(1, 2n);
    await world.settled();
    expect(await broken(world)).toMatchObject([
      { id: 'I4', why: [expect.stringMatching(/^VF 0 \(g1\/0\) was told of bit 1/)] },
    ]);
  });

  test('I6 when a driver asks for a block whose id is no ULONG', async () => {
    const { world, vf } = await running();
    await vf.current.read(2 ** 32, 1);
    expect(await broken(world)).toMatchObject([
      {
        id: 'I6',
        why: [
          expect.stringMatching(/has the block id 4294967296/),
          expect.stringMatching(/NDIS_STATUS_FAILURE .* has the block id 4294967296/),
        ],
      },
    ]);
  });

  test('I7 when the stack reads in the name of another VF', async () => {
    const { world, vf } = await running();
    await world.attachGuest(new RecordingVf().factory, { name: 'g2' });
    const { oidRequest } = PfNdis.prototype;
    vi.spyOn(PfNdis.prototype, 'oidRequest').mockImplementation(function (
      this: PfNdis,
      asked,
      done,
    ) {
      const isRead = asked.oid === OID.OID_SRIOV_READ_VF_CONFIG_BLOCK && asked.origin !== undefined;
      const other = isRead ? readVfConfigBlock(1, 5, 1, asked.origin, asked.cause ?? 0) : asked;
      oidRequest.call(this, other, done);
    });
    await vf.current.read(5, 1);
    const [verdict, ...others] = await broken(world);
    expect(verdict).toMatchObject({ id: 'I7' });
    expect(verdict?.why[0]).toMatch(/of g1\/0 is for VF 1, and g1\/0 is VF 0$/);
    expect(others).toEqual([]);
  });

  test('I8 when NDIS goes on to tell a VF miniport that it has halted', async () => {
    vi.spyOn(InvalidationLoop.prototype, 'stop').mockImplementation(() => {});
    vi.spyOn(OidQueue.prototype, 'close').mockResolvedValue();
    const vf = new RecordingVf({ halt: (own) => delay(own.adapter.clock, 5) });
    const { world, pf } = await running(undefined, vf);
    world.host.ejectVf(0);
    await world.advance(1);
    pf.invalidate(0, 2n);
    await world.settled();
    expect(await broken(world)).toMatchObject([{ id: 'I8' }]);
  });

  test('I10 when a driver leaves a timer behind', async () => {
    const vf = defineVfMiniport((adapter) =>
      configBlockVf({
        invalidated() {},
        initialize() {
          adapter.clock.setTimer(3_600_000, () => {});
          return NDIS_STATUS.NDIS_STATUS_SUCCESS;
        },
      }),
    );
    const { verdicts } = await runScenario({
      name: 'attach',
      pf: 'reference',
      vf,
      run: (world) => world.attachGuest('g1'),
    });
    expect(verdicts.filter(({ holds }) => holds === false)).toMatchObject([
      { id: 'I10', why: ['1 timers are still set'] },
    ]);
  });
});
