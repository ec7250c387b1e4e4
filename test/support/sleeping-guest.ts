import { RawHostBench, type RawHostBenchOptions } from './raw-host-bench.ts';

/** A guest whose VF runs; its bring-up is forgotten. */
export async function running(options: RawHostBenchOptions = {}): Promise<RawHostBench> {
  const bench = await new RawHostBench(options).run();
  if (bench.phases.at(-1) !== 'running') throw new Error('the VF does not run');
  bench.host.received.length = 0;
  bench.events.length = 0;
  bench.phases.length = 0;
  return bench;
}

/** As {@link running}, and asleep since. */
export async function suspended(options: RawHostBenchOptions = {}): Promise<RawHostBench> {
  const bench = await running(options);
  await bench.os.suspend();
  return bench;
}

/** What passes between miniport, NDIS, VPCI driver and host, in order. */
export function hopsOf(bench: RawHostBench): readonly string[] {
  return bench.events.map(({ hop, name }) => `${hop} ${name}`);
}
