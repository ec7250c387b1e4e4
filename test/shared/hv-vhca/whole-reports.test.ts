import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PfAdapter } from '#host/ndis/pf-miniport.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { HvVhcaPf } from '#host/pf-miniport/hv-vhca/hv-vhca-pf.ts';
import { STATS_COMMAND } from '#shared/hv-vhca/stats-command.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { type Clock, delay } from '#shared/time/clock.ts';
import {
  allCounters,
  CommandedVf,
  ScriptedHvVhcaPf,
} from '#test/guest/vf-miniport/hv-vhca/commanded-vf.ts';
import { PfUnderTest } from '#test/host/pf-miniport/reference/pf-under-test.ts';
import { ManualClock } from '#test/kit/world/manual-clock.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_FAILURE } = NDIS_STATUS;

/** What becomes of a write: it comes and is completed, or one of the two is lost on the way. */
interface Passage {
  readonly fate: 'completed' | 'write lost' | 'completion lost';
  /** Milliseconds that it takes. */
  readonly takes: number;
}

/** What the PF commands, and how long until its next step. */
interface Step {
  readonly command: number;
  readonly wait: number;
}

const RINGS = 8;
const CALM: Passage = { fate: 'completed', takes: 0 };

const passage: fc.Arbitrary<Passage> = fc.record({
  fate: fc.oneof(
    { arbitrary: fc.constant('completed' as const), weight: 6 },
    { arbitrary: fc.constant('write lost' as const), weight: 1 },
    { arbitrary: fc.constant('completion lost' as const), weight: 1 },
  ),
  takes: fc.integer({ min: 0, max: 120 }),
});

const step: fc.Arbitrary<Step> = fc.record({
  command: fc.constantFrom(STATS_COMMAND.stop, STATS_COMMAND.once, 1, 2, 3),
  wait: fc.integer({ min: 0, max: 1000 }),
});

/** A channel to a PF on which every fragment takes its time, and some are lost. */
class LossyChannel extends ScriptedHvVhcaPf {
  /** The clock by which it takes time: that of its VF. */
  clock: Clock = new ManualClock();
  readonly #pf: PfUnderTest;
  readonly #passages: readonly Passage[];
  #passed = 0;

  constructor(pf: PfUnderTest, passages: readonly Passage[]) {
    super();
    this.#pf = pf;
    this.#passages = passages;
  }

  override async read(blockId: number, buffer: Uint8Array, length: number): Promise<NdisStatus> {
    const answer = await this.#pf.read(0, blockId, length);
    if (typeof answer === 'number') return NDIS_STATUS_FAILURE;
    buffer.set(answer);
    return NDIS_STATUS_SUCCESS;
  }

  override async write(blockId: number, buffer: Uint8Array, length: number): Promise<NdisStatus> {
    const data = buffer.slice(0, length);
    const { fate, takes } = (blockId === 1 && this.#passages[this.#passed++]) || CALM;
    if (takes > 0) await delay(this.clock, takes);
    if (fate === 'write lost') return NDIS_STATUS_FAILURE;
    const status = await this.#pf.write(0, blockId, data);
    return fate === 'completed' ? status : NDIS_STATUS_FAILURE;
  }
}

/** One run: a VF that follows the commands of its PF over a lossy channel. */
class Run {
  readonly vf: CommandedVf;
  /** The reports that the VF began to write: each has its number in every counter of every ring. */
  built = 0;
  readonly #pf: PfUnderTest;
  readonly #driver: HvVhcaPf;

  constructor(pf: PfUnderTest, driver: HvVhcaPf, passages: readonly Passage[]) {
    this.#pf = pf;
    this.#driver = driver;
    const readCounters = async () => allCounters(BigInt(++this.built * RINGS));
    const channel = new LossyChannel(pf, passages);
    this.vf = new CommandedVf({ Rings: String(RINGS) }, readCounters, channel);
    channel.clock = this.vf.clock;
  }

  static async begin(passages: readonly Passage[]): Promise<Run> {
    const drivers: HvVhcaPf[] = [];
    const factory = (adapter: PfAdapter) => {
      const driver = new HvVhcaPf(adapter);
      drivers.push(driver);
      return configBlockPf(adapter, driver);
    };
    const pf = await PfUnderTest.start(factory, { StatsCommand: 'stop' });
    await pf.allocateVf();
    const [driver] = drivers;
    if (driver === undefined) throw new Error('no PF miniport was created');
    const run = new Run(pf, driver, passages);
    await run.vf.initialize();
    return run;
  }

  async take({ command, wait }: Step): Promise<void> {
    this.#driver.commandStats(0, command);
    const told = this.vf.invalidate(0);
    await this.vf.clock.advance(wait);
    await told;
  }

  /** The numbers in the last report that the PF shows; none when it shows none. */
  shown(): number[] {
    const details = JSON.parse(JSON.stringify(this.#pf.miniport.reportVf?.(0).details));
    const rings: Record<string, string>[] = details.statistics?.rings ?? [];
    return [...new Set(rings.flatMap((ring) => Object.values(ring).map(Number)))];
  }
}

describe('the report that the PF shows', () => {
  test('is always one that the VF built, and the last one once nothing is lost', async () => {
    const runs = fc.tuple(
      fc.array(step, { minLength: 1, maxLength: 12 }),
      fc.array(passage, { maxLength: 60 }),
    );
    const property = fc.asyncProperty(runs, async ([steps, passages]) => {
      const run = await Run.begin(passages);
      let last = 0;
      for (const each of steps) {
        await run.take(each);
        const [number = 0, ...others] = run.shown();
        expect(others).toEqual([]);
        expect(number).toBeGreaterThanOrEqual(last);
        expect(number).toBeLessThanOrEqual(run.built);
        last = number;
      }
      while (run.shown()[0] !== run.built || run.built === 0) {
        await run.take({ command: STATS_COMMAND.once, wait: 1000 });
        expect(run.built).toBeLessThan(200);
      }
    });
    await fc.assert(property, { numRuns: 300 });
  });
});
