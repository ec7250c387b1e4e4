import { formatEvent } from '#shared/trace/format-event.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { eventFailed } from '#shared/trace/trace-filter.ts';
import { chainTo } from '../check/chain.ts';
import { isLost, type Life, lives } from '../check/lives.ts';
import type { RunResult } from '../scenario/run-scenario.ts';
import { namesIn, placeOf, type Statuses, statusesOf } from './statuses.ts';

interface StatusDifference {
  readonly place: string;
  readonly simulated: Statuses | undefined;
  readonly processes: Statuses | undefined;
}

/**
 * Where two runs of a scenario report other statuses, each with both chains; of what follows from the
 * same call only the first. Two things are a matter of time, and no difference:
 *
 * - what a driver calls for in one of the worlds only, where no status of it is a failure
 * - what was under way when a VF lost its channel: of such a VF only what came before is compared, and
 *   where both worlds came, they have to have one status in common
 */
export function statusDifferences(simulated: RunResult, processes: RunResult): readonly string[] {
  const losses = [lossesIn(simulated), lossesIn(processes)] as const;
  const left = statusesOf(simulated.events.filter((event) => !isAfterLoss(losses[0], event)));
  const right = statusesOf(processes.events.filter((event) => !isAfterLoss(losses[1], event)));
  const lost = new Set(losses.flat().map(({ device }) => device));
  const met = [placesIn(simulated), placesIn(processes)];
  const told = new Set<string>();
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((place) => {
    const found = { place, simulated: left.get(place), processes: right.get(place) };
    if (namesIn(found.simulated) === namesIn(found.processes)) return [];
    if (lost.has(deviceOf(found)) && mayBeLost(found)) return [];
    const chains = chainsOf(found, simulated, processes);
    const [start] = chains.processes ?? chains.simulated ?? [];
    const root = start === undefined ? place : placeOf(start);
    const isCalledInBoth = met.every((places) => places.has(root));
    if (told.has(root) || (!isCalledInBoth && mayBeExtra(found))) return [];
    told.add(root);
    return [textOf(found, chains)];
  });
}

function placesIn({ events }: RunResult): ReadonlySet<string> {
  return new Set(events.map(placeOf));
}

function deviceOf({ simulated, processes }: StatusDifference): string {
  const [event] = (simulated ?? processes)?.values() ?? [];
  return event?.device ?? '';
}

/** The VFs whose channel was gone before their driver was halted, each with when it was. */
function lossesIn({ events }: RunResult): readonly Life[] {
  return lives(events).filter((life) => isLost(life));
}

function isAfterLoss(losses: readonly Life[], { seq, device, generation }: TraceEvent): boolean {
  return losses.some(
    (life) =>
      life.device === device &&
      seq > (life.closed?.seq ?? seq) &&
      (generation === undefined || generation === life.generation),
  );
}

function mayBeLost({ simulated, processes }: StatusDifference): boolean {
  if (simulated === undefined || processes === undefined) return true;
  return [...simulated.keys()].some((name) => processes.has(name));
}

function mayBeExtra({ simulated, processes }: StatusDifference): boolean {
  if (simulated !== undefined && processes !== undefined) return false;
  const statuses = simulated ?? processes ?? new Map<string, TraceEvent>();
  return ![...statuses.values()].some(eventFailed);
}

interface Chains {
  readonly simulated: readonly TraceEvent[] | undefined;
  readonly processes: readonly TraceEvent[] | undefined;
}

function chainsOf(found: StatusDifference, simulated: RunResult, processes: RunResult): Chains {
  const own = onlyIn(found.simulated, found.processes);
  const other = onlyIn(found.processes, found.simulated);
  return {
    simulated: own && chainTo(simulated.events, own),
    processes: other && chainTo(processes.events, other),
  };
}

/** The event with a status that the other run does not have; otherwise the first event. */
function onlyIn(own: Statuses | undefined, other: Statuses | undefined): TraceEvent | undefined {
  const entries = [...(own ?? [])];
  const [, event] = entries.find(([name]) => other?.has(name) !== true) ?? entries[0] ?? [];
  return event;
}

function textOf(found: StatusDifference, { simulated, processes }: Chains): string {
  const { place, ...statuses } = found;
  return [
    `${place}: ${namesIn(statuses.simulated)} in the simulated world, ${namesIn(statuses.processes)} between processes`,
    ...chainLines('in the simulated world', simulated),
    ...chainLines('between processes', processes),
  ].join('\n');
}

/** A chain of one of the worlds, a line for each event. */
export function chainLines(where: string, chain: readonly TraceEvent[] = []): readonly string[] {
  if (chain.length === 0) return [`  ${where}: it never came there`];
  const lines = chain.map((event) => `    ${formatEvent(event)}`);
  return [`  ${where}:`, ...lines];
}
