import type { Logger } from 'pino';
import { messageOf } from '#shared/message-of.ts';
import { RecurringLog } from '#shared/recurring-log.ts';
import { stackOf } from '#shared/stack-of.ts';
import type { Clock } from '#shared/time/clock.ts';
import { ContainedClock } from '#shared/time/contained-clock.ts';
import type { VerifierReport } from '#shared/verifier/report.ts';
import type { Verifier } from '#shared/verifier/verifier.ts';
import type { LowerDevice } from './io/device-object.ts';
import { VfNdis, type VfNdisOptions } from './ndis/ndis.ts';
import { watchVf } from './verifier/watch-vf.ts';

export interface MiniportOptions extends Omit<VfNdisOptions, 'clock' | 'observer'> {
  readonly clock: ContainedClock;
  /** Puts something between NDIS and the device beneath it, as a filter driver would be. */
  readonly interpose?: ((device: LowerDevice) => LowerDevice) | undefined;
  /** Watches the miniport; nothing does without it. */
  readonly verifier?: Verifier | undefined;
  /** Stops the VF for what the verifier found. */
  readonly stop: (report: VerifierReport) => void;
}

/** The time of a VF miniport, and of its NDIS. */
export function miniportClock(clock: Clock, log: Logger): ContainedClock {
  const recurring = new RecurringLog(log, clock);
  return new ContainedClock(clock, (error) => {
    const what = `a timer of the VF miniport threw: ${messageOf(error)}`;
    recurring.error('timer', { stack: stackOf(error) }, what);
  });
}

/** Initializes a VF miniport on an NDIS of its own; or says, for people, why it did not start. */
export async function startMiniport(options: MiniportOptions): Promise<VfNdis | string> {
  const { name, miniport, device, clock, interpose, verifier, stop } = options;
  const watched = verifier && watchVf({ verifier, miniport, device: name, clock, stop });
  let ndis: VfNdis;
  try {
    ndis = new VfNdis({
      ...options,
      miniport: watched?.factory ?? miniport,
      observer: watched?.observer,
      device: interpose?.(device) ?? device,
    });
  } catch (error) {
    return `the VF miniport could not be created: ${messageOf(error)}`;
  }
  return (await ndis.initialize()) ?? ndis;
}
