import { expect } from 'vitest';
import type { VfAdapter, VfMiniport } from '#guest/ndis/vf-miniport.ts';
import type { PfAdapter, PfMiniport } from '#host/ndis/pf-miniport.ts';
import type { VerifierReport } from '#shared/verifier/report.ts';
import { VERIFIER_RULES, type VerifierRuleId } from '#shared/verifier/rules.ts';
import { createWorld, type World } from '#test/kit/world/world.ts';
import type { WorldOptions } from '#test/kit/world/world-options.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';

/** A driver that a rule is tried on: what it has in place of an ordinary one's functions. */
export type PfDriver = (adapter: PfAdapter, ordinary: PfMiniport) => Partial<PfMiniport>;
export type VfDriver = (adapter: VfAdapter, ordinary: VfMiniport) => Partial<VfMiniport>;

/** What a driver goes through. */
export interface Scene {
  readonly world: World;
  readonly pf: RecordingPf;
  readonly vf: RecordingVf;
}

/** A rule with a driver that breaks it, and one that does much the same and keeps it. */
export interface Case<Driver> {
  readonly id: VerifierRuleId;
  /** How the driver breaks it, where there are several ways. */
  readonly how?: string;
  readonly breaks: Driver;
  readonly keeps: Driver;
  /** What the first report says. */
  readonly what: RegExp;
  /** The events that it shows: the hops, in their order. */
  readonly hops: readonly string[];
  /** Other rules that the one driver breaks with it, or the other without it. */
  readonly breaksToo?: readonly VerifierRuleId[];
  readonly keepsNot?: readonly VerifierRuleId[];
  readonly options?: Partial<WorldOptions> & { readonly vfs?: number };
  /** What happens; by default the VF is told of block 0, and both are stopped two seconds later. */
  readonly scene?: (scene: Scene) => Promise<void>;
}

/** Holds the verifier to a case: a PF driver under an ordinary VF. */
export async function checkPfCase(each: Case<PfDriver>): Promise<void> {
  await check(each, 'PF miniport pf0', (driver) => {
    const pf = new RecordingPf();
    const factory = (adapter: PfAdapter): PfMiniport => {
      const ordinary = pf.factory(adapter);
      return { ...ordinary, ...driver(adapter, ordinary) };
    };
    return run(each, { pf, vf: newReadingVf() }, factory, undefined);
  });
}

/** Holds the verifier to a case: a VF driver over an ordinary PF. */
export async function checkVfCase(each: Case<VfDriver>): Promise<void> {
  await check(each, 'VF miniport g1/0', (driver) => {
    const pf = new RecordingPf();
    const vf = newReadingVf();
    const factory = (adapter: VfAdapter): VfMiniport => {
      const ordinary = vf.factory(adapter);
      return { ...ordinary, ...driver(adapter, ordinary) };
    };
    return run(each, { pf, vf }, pf.factory, factory);
  });
}

async function check<Driver>(
  each: Case<Driver>,
  actor: string,
  tried: (driver: Driver) => Promise<World>,
): Promise<void> {
  const broken = await tried(each.breaks);
  expect(idsOf(broken.reports)).toEqual([each.id, ...(each.breaksToo ?? [])].sort());
  const { rule, source } = VERIFIER_RULES[each.id];
  const report = broken.reports.find(({ id }) => id === each.id);
  expect(report).toMatchObject({ actor, rule, source, count: 1 });
  expect(report?.what).toMatch(each.what);
  const shown = report?.events.map(({ seq }) => broken.events[seq - 1]?.hop);
  expect(shown).toEqual(each.hops);
  for (const { seq, line } of report?.events ?? []) {
    expect(line).toContain(String(broken.events[seq - 1]?.name));
  }
  const kept = await tried(each.keeps);
  expect(idsOf(kept.reports)).toEqual(each.keepsNot ?? []);
}

/** A VF that reads what it is told is invalid. */
export function newReadingVf(): RecordingVf {
  return new RecordingVf({
    invalidated: async (each) => {
      await each.read(0, 16);
    },
  });
}

async function run(
  each: Pick<Case<never>, 'options' | 'scene'>,
  { pf, vf }: Omit<Scene, 'world'>,
  pfFactory: (adapter: PfAdapter) => PfMiniport,
  vfFactory: ((adapter: VfAdapter) => VfMiniport) | undefined,
): Promise<World> {
  const { vfs = 1, ...options } = each.options ?? {};
  const world = await createWorld({ pf: pfFactory, breaks: 'any', ...options });
  await world.attachGuest(vfFactory ?? vf.factory, { vfs });
  if (each.scene !== undefined) await each.scene({ world, pf, vf });
  else {
    pf.adapter.ndisMInvalidateConfigBlock(0, 1n);
    await world.clock.advance(2_000);
    await world.settled();
  }
  await world.end();
  await world.settled();
  return world;
}

/** The ids of all reports, each once. */
function idsOf(reports: readonly VerifierReport[]): readonly string[] {
  return [...new Set(reports.map(({ id }) => id))].sort();
}

/** Cases with what a test of each is called: the rule, and how it is broken. */
export function titled<Driver>(
  cases: readonly Case<Driver>[],
): readonly (Case<Driver> & { readonly title: string })[] {
  return cases.map((each) => ({
    ...each,
    title: each.how === undefined ? each.id : `${each.id}, ${each.how}`,
  }));
}
