import { formatEvent } from '#shared/trace/format-event.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { eventStatusName } from '#shared/trace/trace-filter.ts';
import { chainTo } from '../check/chain.ts';
import { isLost, lives } from '../check/lives.ts';
import type { RunResult } from '../scenario/run-scenario.ts';

/** The first event with each status that a hop of a VF reported, by the status' name. */
type Statuses = Map<string, TraceEvent>;

/**
 * What came of whatever reports a status, by hop, name, VF and block. How often it came is left out: a
 * driver that asks again after a while asks as often as time allows.
 */
function statusesOf(events: readonly TraceEvent[]): ReadonlyMap<string, Statuses> {
  const places = new Map<string, Statuses>();
  for (const event of events) {
    const status = eventStatusName(event);
    if (status === undefined) continue;
    const place = placeOf(event);
    const statuses = places.get(place) ?? new Map<string, TraceEvent>();
    places.set(place, statuses);
    if (!statuses.has(status)) statuses.set(status, event);
  }
  return places;
}

function placeOf({ hop, name, device, blockId }: TraceEvent): string {
  const block = blockId === undefined ? '' : ` of block ${blockId}`;
  return `${name}${block} at ${hop} of ${device ?? 'the PF'}`;
}

interface StatusDifference {
  readonly place: string;
  readonly simulated: Statuses | undefined;
  readonly processes: Statuses | undefined;
}

/**
 * Where two runs of a scenario report other statuses, each with both chains; of what follows from the
 * same call only the first. What was under way when a VF lost its channel is a matter of time: where
 * both came in such a VF, one status has to be the same.
 */
export function statusDifferences(simulated: RunResult, processes: RunResult): readonly string[] {
  const left = statusesOf(simulated.events);
  const right = statusesOf(processes.events);
  const lost = new Set<string | undefined>([...lostIn(simulated), ...lostIn(processes)]);
  const told = new Set<string>();
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((place) => {
    const found = { place, simulated: left.get(place), processes: right.get(place) };
    if (namesIn(found.simulated) === namesIn(found.processes)) return [];
    const [event] = (found.simulated ?? found.processes)?.values() ?? [];
    if (lost.has(event?.device) && mayBeTime(found)) return [];
    const chains = chainsOf(found, simulated, processes);
    const [start] = chains.processes ?? chains.simulated ?? [];
    const root = start === undefined ? place : placeOf(start);
    if (told.has(root)) return [];
    told.add(root);
    return [textOf(found, chains)];
  });
}

/** The VFs whose channel was gone before their driver was halted. */
function lostIn({ events }: RunResult): readonly string[] {
  return lives(events).flatMap((life) => (isLost(life) ? [life.device] : []));
}

function mayBeTime({ simulated, processes }: StatusDifference): boolean {
  if (simulated === undefined || processes === undefined) return true;
  return [...simulated.keys()].some((name) => processes.has(name));
}

function namesIn(statuses: Statuses | undefined): string {
  return statuses === undefined ? 'nothing' : [...statuses.keys()].sort().join(' and ');
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
