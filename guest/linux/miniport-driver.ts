import type { Logger } from 'pino';
import { messageOf } from '#shared/message-of.ts';
import { stackOf } from '#shared/stack-of.ts';
import { containedClock } from '#shared/time/contained-clock.ts';
import type { VerifierReport } from '#shared/verifier/report.ts';
import type { Verifier } from '#shared/verifier/verifier.ts';
import type { LowerDevice } from '../io/device-object.ts';
import { VfNdis, type VfNdisOptions } from '../ndis/ndis.ts';
import { watchVf } from '../verifier/watch-vf.ts';
import type { BlockFunctions } from './block-functions.ts';
import type { BoundDriver } from './bound-driver.ts';
import { MiniportDevice } from './miniport-device.ts';
import { WorkQueue } from './work-queue.ts';

export interface MiniportDriverOptions extends Omit<VfNdisOptions, 'device'> {
  readonly blocks: BlockFunctions;
  readonly serialNumber: number;
  readonly interpose: ((device: LowerDevice) => LowerDevice) | undefined;
  readonly verifier?: Verifier | undefined;
  readonly stop: (report: VerifierReport) => void;
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
  #ndis: VfNdis | undefined;

  constructor(options: MiniportDriverOptions) {
    this.#options = options;
    const { log } = options;
    this.#device = new MiniportDevice({
      ...options,
      work: new WorkQueue((error) => report(log, 'an invalidation', error)),
    });
  }

  async probe(): Promise<string | undefined> {
    const { name: device, miniport, clock, log, interpose, verifier, stop } = this.#options;
    const watched = verifier && watchVf({ verifier, miniport, device, clock, stop });
    try {
      this.#ndis = new VfNdis({
        ...this.#options,
        miniport: watched?.factory ?? miniport,
        observer: watched?.observer,
        device: interpose?.(this.#device) ?? this.#device,
        clock: containedClock(clock, (error) => report(log, 'a timer of the VF miniport', error)),
      });
    } catch (error) {
      return `the VF miniport could not be created: ${messageOf(error)}`;
    }
    const failure = await this.#ndis.initialize();
    if (failure !== undefined) this.#ndis = undefined;
    return failure;
  }

  async remove(isGone: boolean): Promise<void> {
    if (this.#ndis === undefined) return;
    await this.#ndis.halt(isGone ? 'NdisHaltDeviceSurpriseRemoved' : 'NdisHaltDeviceDisabled');
    this.#device.remove();
  }
}

function report(log: Logger, what: string, error: unknown): void {
  log.error({ stack: stackOf(error) }, `${what} threw: ${messageOf(error)}`);
}
