import type { Clock } from '#shared/time/clock.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { Ladder } from '../ladder/ladder.ts';
import { MergeTrace } from '../ladder/merge-trace.ts';
import type { LadderOutput } from '../processes/live-ladder.ts';
import { Checklist } from './checklist.ts';
import { DemoWorld } from './demo-world.ts';
import { INITIAL_CONFIG } from './nic-configs.ts';
import {
  attach,
  edit,
  initialReads,
  mailbox,
  secondGuest,
  shutdown,
  statistics,
  type Tour,
} from './tour.ts';

/** What the demo did. */
export interface DemoSummary {
  readonly checks: number;
  /** Packets and completions that either side received. */
  readonly messages: number;
  readonly seconds: number;
}

/**
 * The scripted tour: real processes, on free ports, checked from both sides.
 *
 * @throws CommandFailure at the first check that fails
 */
export async function runDemo(clock: Clock, output: LadderOutput): Promise<DemoSummary> {
  const started = clock.now();
  const checks = new Checklist((text) => output.write(text));
  const world = await DemoWorld.create(clock);
  try {
    await world.saveNicConfig(INITIAL_CONFIG);
    const host = await world.startHost();
    const control = await world.controlClient(host);
    const showLadder: Tour['showLadder'] = (events) => drawLadder(clock, output, events);
    const tour: Tour = { world, checks, host, control, showLadder };
    const guest = await attach(tour);
    await initialReads(tour, guest);
    await mailbox(tour, guest);
    await edit(tour, guest);
    await statistics(tour, guest);
    await secondGuest(tour);
    await shutdown(tour, guest);
    const messages = world.messagesReceived;
    return { checks: checks.passed, messages, seconds: (clock.now() - started) / 1000 };
  } finally {
    await world.end();
  }
}

function drawLadder(
  clock: Clock,
  output: LadderOutput,
  sources: Parameters<Tour['showLadder']>[0],
): void {
  const colour = output.isTTY === true && process.env['NO_COLOR'] === undefined;
  const ladder = new Ladder({ columns: output.columns ?? 80, colour });
  const onEvent = (event: TraceEvent): unknown =>
    output.write(`${ladder.render(event).join('\n')}\n`);
  const merge = new MergeTrace({ clock, onEvent });
  output.write('\n');
  for (const [source, events] of sources) merge.push(source, events);
  merge.flush();
  merge.close();
  output.write('\n');
}
