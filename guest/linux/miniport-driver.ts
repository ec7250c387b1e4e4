import { messageOf } from '#shared/message-of.ts';
import type { CompletedOid, OidRequestParameters } from '#shared/ndis/oid-request.ts';
import { RecurringLog } from '#shared/recurring-log.ts';
import { stackOf } from '#shared/stack-of.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { ContainedClock } from '#shared/time/contained-clock.ts';
import { issueOid } from '../issue-oid.ts';
import type { VfNdis } from '../ndis/ndis.ts';
import { type MiniportOptions, miniportClock, startMiniport } from '../start-miniport.ts';
import type { BlockFunctions } from './block-functions.ts';
import type { BoundDriver } from './bound-driver.ts';
import { MiniportDevice } from './miniport-device.ts';
import { WorkQueue } from './work-queue.ts';

export interface MiniportDriverOptions extends Omit<MiniportOptions, 'clock' | 'device'> {
  readonly clock: Clock;
  readonly blocks: BlockFunctions;
}

/**
 * Binds a VF miniport, which is written to the contract of Windows, to a device on Linux: NDIS is
 * the same, and what is beneath it is pci-hyperv. So a driver that waits for nothing but Windows can
 * be seen under what Linux does: reads that seem longer than they are, requests that fail when many
 * are outstanding, and invalidations that are lost before the miniport has been initialized.
 */
export class MiniportDriver implements BoundDriver {
  readonly #options: MiniportDriverOptions;
  readonly #device: MiniportDevice;
  readonly #clock: ContainedClock;
  #ndis: VfNdis | undefined;

  constructor(options: MiniportDriverOptions) {
    this.#options = options;
    this.#clock = miniportClock(options.clock, options.log);
    const log = new RecurringLog(options.log, options.clock);
    const work = new WorkQueue((error) =>
      log.error(
        'invalidation',
        { stack: stackOf(error) },
        `an invalidation threw: ${messageOf(error)}`,
      ),
    );
    this.#device = new MiniportDevice({ ...options, work });
  }

  async probe(): Promise<string | undefined> {
    const started = await startMiniport({
      ...this.#options,
      clock: this.#clock,
      device: this.#device,
    });
    if (typeof started === 'string') return started;
    this.#ndis = started;
    return undefined;
  }

  leaveBehind(): string {
    this.#clock.stop();
    return this.#ndis?.hanging ?? 'MiniportInitializeEx has not returned';
  }

  oidRequest(parameters: OidRequestParameters): Promise<CompletedOid | undefined> {
    return issueOid(this.#ndis, parameters);
  }

  async remove(isGone: boolean): Promise<void> {
    await this.#ndis?.halt(isGone ? 'NdisHaltDeviceSurpriseRemoved' : 'NdisHaltDeviceDisabled');
    this.#device.remove();
  }
}
