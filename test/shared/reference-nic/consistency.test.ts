import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createReferenceVf, type VfConfiguration } from '#guest/vf-miniport/reference/index.ts';
import { createReferencePf, InMemoryNicConfig } from '#host/pf-miniport/reference/index.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { encodeMailboxRequest } from '#shared/reference-nic/mailbox-request.ts';
import { ScriptedPf, VfUnderTest } from '#test/guest/vf-miniport/reference/vf-under-test.ts';
import { PfUnderTest } from '#test/host/pf-miniport/reference/pf-under-test.ts';

/** A change at the PF: what the operator configures, or what the VF asks for and is granted. */
type Change =
  | { readonly by: 'operator'; readonly mtu: number; readonly vlan: number; readonly group: number }
  | { readonly by: 'vf'; readonly mtu: number };

const small = fc.integer({ min: 0, max: 4 });

/** Few values, so that a field often goes back to one that it had; and fewer changes than rounds. */
const changes = fc.array(
  fc.oneof(
    fc.record({ by: fc.constant('operator' as const), mtu: small, vlan: small, group: small }),
    fc.record({ by: fc.constant('vf' as const), mtu: small }),
  ),
  { minLength: 1, maxLength: 12 },
);

/** Waits until the property's scheduler lets this step happen. */
type Travel = (what: string) => Promise<void>;

/** The two miniports with a channel between them on which everything takes its time. */
class Backchannel extends ScriptedPf {
  readonly #pf: PfUnderTest;
  readonly #travel: Travel;

  constructor(pf: PfUnderTest, travel: Travel) {
    super();
    this.#pf = pf;
    this.#travel = travel;
  }

  override async read(blockId: number, buffer: Uint8Array, length: number): Promise<NdisStatus> {
    await this.#travel(`read ${blockId}`);
    const answer = await this.#pf.read(0, blockId, length);
    await this.#travel(`completion of read ${blockId}`);
    if (typeof answer === 'number') return NDIS_STATUS.NDIS_STATUS_FAILURE;
    buffer.set(answer);
    return NDIS_STATUS.NDIS_STATUS_SUCCESS;
  }
}

/** What a configuration says, whoever tells it. */
function contents(attributes: object, receiveFilter: object, multicast: readonly string[]): string {
  return JSON.stringify([attributes, receiveFilter, multicast], (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}

function appliedContents(applied: VfConfiguration): string {
  return contents(applied.attributes, applied.receiveFilter, applied.multicastAddresses);
}

/** One run: a PF that goes through the changes while its VF starts and follows them. */
class Run {
  /** Every configuration that the PF had, in order. */
  readonly history: string[] = [];
  readonly applied: VfConfiguration[] = [];
  readonly #source: InMemoryNicConfig;
  readonly #pf: PfUnderTest;
  readonly #vf: VfUnderTest;
  readonly #travel: Travel;

  constructor(pf: PfUnderTest, source: InMemoryNicConfig, travel: Travel) {
    this.#pf = pf;
    this.#source = source;
    this.#travel = travel;
    const factory = createReferenceVf({ onApplied: (applied) => this.applied.push(applied) });
    const keywords = { StatisticsIntervalMs: '0' };
    this.#vf = new VfUnderTest(factory, keywords, new Backchannel(pf, travel));
    this.#remember();
  }

  static async begin(travel: Travel): Promise<Run> {
    const source = new InMemoryNicConfig();
    const pf = await PfUnderTest.start(createReferencePf({ source }));
    await pf.allocateVf();
    return new Run(pf, source, travel);
  }

  async makeChanges(all: readonly Change[]): Promise<void> {
    for (const change of all) {
      await this.#travel('change');
      await this.#make(change);
      this.#remember();
    }
  }

  /** Starts the VF, and then hands it one invalidation after the other, ORed while it is busy. */
  async follow(changing: Promise<void>): Promise<void> {
    expect(await this.#vf.initialize()).toBe(NDIS_STATUS.NDIS_STATUS_SUCCESS);
    let changed = false;
    const done = changing.then(() => {
      changed = true;
    });
    while (!changed || this.#pf.invalidations.length > 0) {
      await this.#travel('invalidation');
      const blocks = this.#pf.invalidations.splice(0).flatMap(({ blocks }) => blocks);
      if (blocks.length > 0) await this.#vf.invalidate(...blocks);
    }
    await done;
  }

  async #make(change: Change): Promise<void> {
    if (change.by === 'vf') {
      const request = { kind: 'setMtu', sequence: 1, mtu: 9000 + change.mtu } as const;
      await this.#pf.write(0, 16, encodeMailboxRequest(request));
      return;
    }
    this.#source.change({
      defaults: {
        mtu: 1500 + change.mtu,
        receiveFilter: { vlans: [1 + change.vlan] },
        multicast: [`01:00:5e:00:00:0${change.group}`],
      },
    });
  }

  #remember(): void {
    const details = this.#pf.miniport.reportVf?.(0).details ?? {};
    const { attributes, receiveFilter, multicastAddresses } = details;
    this.history.push(JSON.stringify([attributes, receiveFilter, multicastAddresses]));
  }
}

describe('a configuration of several blocks', () => {
  test('is applied whole, in the order of its changes, and the latest in the end', async () => {
    const property = fc.asyncProperty(fc.scheduler(), changes, async (scheduler, all) => {
      const run = await Run.begin(async (what) => {
        await scheduler.schedule(Promise.resolve(), what);
      });
      const changing = run.makeChanges(all);
      await scheduler.waitFor(Promise.all([changing, run.follow(changing)]));

      let instant = 0;
      for (const applied of run.applied.map(appliedContents)) {
        instant = run.history.indexOf(applied, instant);
        expect(instant, `never was: ${applied}`).toBeGreaterThanOrEqual(0);
      }
      expect(run.applied.map(appliedContents).at(-1)).toBe(run.history.at(-1));
    });
    await fc.assert(property, { numRuns: 300 });
  });
});
