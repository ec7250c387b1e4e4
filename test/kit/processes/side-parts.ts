import type { Logger } from 'pino';
import type { Clock } from '#shared/time/clock.ts';
import type { Random } from '#shared/time/random.ts';
import { systemClock } from '#shared/time/system.ts';
import { Trace } from '#shared/trace/trace.ts';
import type { Transport } from '#shared/transport/transport.ts';
import { newVerifier } from '#shared/verifier/new-verifier.ts';
import type { VerifierReport } from '#shared/verifier/report.ts';
import type { Verifier } from '#shared/verifier/verifier.ts';
import { FaultyTransport } from '../faults/faulty-transport.ts';
import { quietLog } from '../world/quiet-log.ts';
import { seededRandom } from '../world/seeded-random.ts';
import { WorldSide } from '../world/world-side.ts';
import type { Order } from './orders.ts';
import { report } from './reports.ts';
import { SideFaults } from './side-faults.ts';

/** What an operating system in a process of its own is made with, whichever it is. */
export interface SideParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  readonly log: Logger;
  readonly verifier: Verifier | undefined;
  readonly faults: SideFaults;
  readonly side: WorldSide;
  /** This side's end of the channel of a VF, on which faults befall what it sends. */
  end(device: string, transport: Transport): Transport;
}

/** What an order asks for, under the clock of the machine. Every event of the trace is told. */
export function newSideParts(order: Order): SideParts {
  const clock = systemClock;
  const trace = new Trace(() => clock.now(), { keepsData: true });
  const side = new WorldSide(clock, trace);
  const faults = new SideFaults(order, (device) => side.cut(device));
  trace.listen((event) => report({ type: 'event', event }));
  trace.listen((event) => faults.event(event));
  const { seed, latency } = order;
  const random = seed === undefined ? () => 0.5 : seededRandom(seed);
  const onReport = (each: VerifierReport): void => report({ type: 'verifier', report: each });
  return {
    clock,
    random,
    trace,
    log: quietLog,
    verifier: newVerifier(order.verifier, { trace, log: quietLog, onReport }),
    faults,
    side,
    end: (device, inner) =>
      side.end(
        device,
        new FaultyTransport({
          inner,
          engine: faults,
          clock,
          latency: () => (latency === 0 ? 0 : Math.floor(random() * (latency + 1))),
        }),
      ),
  };
}
