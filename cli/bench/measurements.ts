import { systemClock } from '#shared/time/system.ts';
import { barePairs, simulatedReads } from '#test/kit/simulated-cost.ts';
import { CommandFailure } from '../failure.ts';
import type { BenchWorld } from './bench-world.ts';
import { byTurns, type Measured, type Rounds } from './measured.ts';
import type { Pair } from './pair.ts';
import type { RowName } from './rows.ts';
import { median, summaryOf } from './statistics.ts';

const IN_FLIGHT = 64;
const MANY = 1_000;
/** One client would be all that limits what many connections do together; a host has many guests. */
const MANY_CLIENTS = 2;
const ROUNDS: Rounds = { warmUp: 1, counted: 15 };
const ROUND_MS = 150;
/** Invalidations have code of their own, which reads do not compile. */
const INVALIDATE_WARM_UP_MS = 1_000;
/** With many connections a round lasts longer, so that each of them still gets its turns. */
const MANY_ROUNDS: Rounds = { warmUp: 3, counted: 6 };
const MANY_ROUND_MS = 500;
/** Few enough for a round to last as long as the others, many enough to find its pace in the first. */
const SIMULATED_READS = 10_000;
const MEMORY_ROUNDS: Rounds = { warmUp: 0, counted: 3 };
/** Connections that come and go before memory is measured, so that all code has run. */
const MEMORY_WARM_UP = 100;

/** How each row is measured. */
export const MEASUREMENTS: Readonly<Record<RowName, (world: BenchWorld) => Promise<Measured>>> = {
  async sequential(world) {
    const { emulator, echo } = await world.pairs();
    return await byTurns(
      ROUNDS,
      () => sequential(emulator),
      () => sequential(echo),
    );
  },
  async 'in-flight'(world) {
    const { emulator, echo } = await world.pairs();
    const measure = (pair: Pair): Promise<number> => pair.throughput(IN_FLIGHT, ROUND_MS);
    return await byTurns(
      ROUNDS,
      () => measure(emulator),
      () => measure(echo),
    );
  },
  async invalidate(world) {
    const { emulator, echo } = await world.pairs();
    await emulator.client.ask('invalidations', { milliseconds: INVALIDATE_WARM_UP_MS });
    await emulator.server.ask('invalidatedAt', {});
    const clockErrors: number[] = [];
    const measured = await byTurns(
      ROUNDS,
      () => invalidation(emulator, clockErrors),
      () => sequential(echo),
    );
    return { ...measured, note: clockNote(clockErrors) };
  },
  async memory(world) {
    const resident = { subject: [] as number[], baseline: [] as number[] };
    const measured = await byTurns(
      MEMORY_ROUNDS,
      async () => await idleMemory(await world.newEmulator(1), resident.subject),
      async () => await idleMemory(await world.newEcho(1), resident.baseline),
    );
    return { ...measured, note: residentNote(resident.subject, resident.baseline) };
  },
  async simulated() {
    const reads = await simulatedReads(systemClock);
    try {
      return await byTurns(
        ROUNDS,
        () => reads.measure(SIMULATED_READS),
        () => Promise.resolve(barePairs(systemClock, SIMULATED_READS)),
      );
    } finally {
      await reads.end();
    }
  },
  async 'many-vfs'(world) {
    const emulator = await world.newEmulator(MANY_CLIENTS);
    const echo = await world.newEcho(MANY_CLIENTS);
    await Promise.all([emulator.connect(MANY), echo.connect(MANY)]);
    const measure = (pair: Pair): Promise<number> => pair.throughput(1, MANY_ROUND_MS);
    return await byTurns(
      MANY_ROUNDS,
      () => measure(emulator),
      () => measure(echo),
    );
  },
  async trace(world) {
    const { emulator } = await world.pairs();
    const measure = async (on: boolean): Promise<number> => {
      await Promise.all([
        emulator.server.ask('trace', { on }),
        emulator.client.ask('trace', { on }),
      ]);
      return await emulator.throughput(IN_FLIGHT, ROUND_MS);
    };
    return await byTurns(
      ROUNDS,
      () => measure(true),
      () => measure(false),
    );
  },
};

/** The median time of a round trip, in milliseconds. */
async function sequential({ client }: Pair): Promise<number> {
  const { durations } = await client.ask('sequential', { milliseconds: ROUND_MS });
  return median(durations);
}

/**
 * The median time from the PF's call to the VF's OID handler, in milliseconds. The two are in
 * different processes, whose clocks count from times that each took at its own start. How far apart
 * they are shows in the same round: each invalidation follows from a write in the other direction,
 * and the fastest of both kinds should take about as long.
 */
async function invalidation({ client, server }: Pair, clockErrors: number[]): Promise<number> {
  const { writtenAt, handledAt } = await client.ask('invalidations', { milliseconds: ROUND_MS });
  const { calledAt } = await server.ask('invalidatedAt', {});
  if (calledAt.length !== handledAt.length) {
    throw new CommandFailure(
      `the PF of the bench invalidated ${calledAt.length} times, and its VF heard ${handledAt.length}`,
    );
  }
  const there = summaryOf(differences(writtenAt, calledAt));
  const back = summaryOf(differences(calledAt, handledAt));
  clockErrors.push(Math.abs(back.least - there.least) / 2);
  return back.median;
}

function differences(from: readonly number[], to: readonly number[]): number[] {
  return from.map((time, index) => (to[index] ?? Number.NaN) - time);
}

/** The bytes of managed memory for each idle connection of a server that has seen none but a few. */
async function idleMemory(pair: Pair, resident: number[]): Promise<number> {
  await pair.connect(MEMORY_WARM_UP);
  const empty = await pair.memory(0);
  const full = await pair.memory(MANY);
  await pair.end();
  resident.push((full.residentBytes - empty.residentBytes) / MANY);
  return (full.managedBytes - empty.managedBytes) / MANY;
}

function clockNote(errors: readonly number[]): string {
  const microseconds = (median(errors) * 1000).toFixed(1);
  return `read from the clocks of two processes, which agree to about ${microseconds} µs`;
}

function residentNote(subject: readonly number[], baseline: readonly number[]): string {
  const [vf, connection] = [subject, baseline].map((bytes) => (median(bytes) / 1000).toFixed(1));
  return `resident memory grows by ${vf} kB a VF and ${connection} kB a connection`;
}
