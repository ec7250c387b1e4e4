import { printable } from '#shared/text/printable.ts';
import { ACTOR_TITLES, ACTORS, type Actor } from '#shared/trace/hop.ts';
import { HOPS } from '#shared/trace/hops.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';

/** What ends a message's text in a sequence diagram, or begins an entity. */
const SPECIAL = /[;#\n\r<>{}]/g;

/**
 * A trace as a Mermaid sequence diagram, one message for each event. `faults` says what befell the
 * events, by their numbers.
 */
export function mermaid(
  events: readonly TraceEvent[],
  faults: ReadonlyMap<number, readonly string[]> = new Map(),
): string {
  const participants = ACTORS.map(
    (actor) => `  participant ${idOf(actor)} as ${ACTOR_TITLES[actor]}\n`,
  );
  const messages = events.map((event) => messageOf(event) + faultsAt(event, faults));
  return `sequenceDiagram\n${participants.join('')}${messages.join('')}`;
}

function faultsAt(
  { seq, hop }: TraceEvent,
  faults: ReadonlyMap<number, readonly string[]>,
): string {
  const at = idOf(HOPS[hop].to);
  const texts = faults.get(seq) ?? [];
  return texts.map((text) => `  Note over ${at}: fault: ${text.replace(SPECIAL, ' ')}\n`).join('');
}

/** A packet crosses between two events: it is drawn once, where it is sent. */
function messageOf(event: TraceEvent): string {
  const { from, to, phase } = HOPS[event.hop];
  if (event.hop.endsWith('Received')) return '';
  const text = [event.name, event.device, blockOf(event), event.mask, statusOf(event)]
    .flatMap((part) => (part === undefined ? [] : [part]))
    .join(' ');
  const arrow = phase === 'completion' ? '-->>' : '->>';
  return `  ${idOf(from)}${arrow}${idOf(to)}: ${printable(text.replace(SPECIAL, ' '))}\n`;
}

/** A hyphen could be read as the beginning of an arrow. */
function idOf(actor: Actor): string {
  return actor.replaceAll('-', '_');
}

function blockOf({ blockId }: TraceEvent): string | undefined {
  return blockId === undefined ? undefined : `block ${blockId}`;
}

function statusOf({ status }: TraceEvent): string | undefined {
  return status === undefined || status === 0
    ? undefined
    : `0x${(status >>> 0).toString(16).padStart(8, '0')}`;
}
