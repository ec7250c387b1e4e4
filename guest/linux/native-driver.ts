import type { Logger } from 'pino';
import { errnoName } from '#shared/linux/errno.ts';
import { messageOf } from '#shared/message-of.ts';
import type { ContractObserver, ContractRule } from '#shared/ndis/contract-observer.ts';
import { allocateMemory } from '#shared/nt/allocate-memory.ts';
import { RecurringLog } from '#shared/recurring-log.ts';
import { stackOf } from '#shared/stack-of.ts';
import type { Clock } from '#shared/time/clock.ts';
import { ContainedClock } from '#shared/time/contained-clock.ts';
import type { Trace } from '#shared/trace/trace.ts';
import type { VfIdentity } from '#shared/trace/vf-identity.ts';
import { VERIFIER_RULES } from '#shared/verifier/rules.ts';
import type { BusDevice } from '#shared/wire/bus.ts';
import type { BusStatistics } from '../ndis/vf-miniport.ts';
import type { BlockFunctions } from './block-functions.ts';
import type { BoundDriver } from './bound-driver.ts';
import type { LinuxKernel, LinuxModule, LinuxPciDevice, LinuxVfDriver } from './linux-vf-driver.ts';
import { WorkQueue } from './work-queue.ts';

export interface NativeDriverOptions {
  readonly module: LinuxModule;
  /** Which VF of which guest: `g1/0`. */
  readonly name: string;
  readonly device: BusDevice;
  readonly blocks: BlockFunctions;
  readonly configuration: ReadonlyMap<string, string>;
  readonly clock: Clock;
  readonly trace: Trace;
  readonly log: Logger;
  readonly identity: () => VfIdentity;
  readonly busStatistics: () => BusStatistics;
  readonly observer?: Pick<ContractObserver, 'broke'> | undefined;
}

const EXCEPTION_RULE: ContractRule = {
  id: 'driver.no-exception',
  ...VERIFIER_RULES['driver.no-exception'],
};

/** Binds a Linux VF driver to a device. What the driver throws is reported, and takes nothing down. */
export class NativeDriver implements BoundDriver {
  readonly #options: NativeDriverOptions;
  readonly #log: RecurringLog;
  readonly #device: LinuxPciDevice;
  readonly #work: WorkQueue;
  readonly #clock: ContainedClock;
  #driver: LinuxVfDriver | undefined;
  #isRemoving = false;

  constructor(options: NativeDriverOptions) {
    this.#options = options;
    this.#log = new RecurringLog(options.log, options.clock);
    this.#device = deviceOf(options);
    this.#work = new WorkQueue((error) => this.#report('scheduled work', error));
    this.#clock = new ContainedClock(options.clock, (error) => this.#report('a timer', error));
  }

  async probe(): Promise<string | undefined> {
    this.#record('linuxProbe', undefined);
    const failure = await this.#callProbe();
    if (failure !== undefined) this.#driver = undefined;
    return failure;
  }

  async remove(isGone: boolean): Promise<void> {
    const driver = this.#driver;
    if (driver === undefined) return;
    this.#driver = undefined;
    this.#isRemoving = true;
    this.#record('linuxRemove', undefined, isGone ? 'the device is gone' : undefined);
    try {
      await driver.remove(this.#device);
    } catch (error) {
      this.#report('remove', error);
    }
  }

  leaveBehind(): string {
    this.#clock.stop();
    return `${this.#isRemoving ? 'remove' : 'probe'} has not returned`;
  }

  async #callProbe(): Promise<string | undefined> {
    let routine = 'init';
    try {
      this.#driver = this.#options.module.init(this.#kernel());
      routine = 'probe';
      const answer: unknown = await this.#driver.probe(this.#device);
      return this.#resultOf(answer ?? 0);
    } catch (error) {
      this.#report(routine, error);
      const failure = `${routine} threw: ${messageOf(error)}`;
      this.#record('linuxProbeReturn', undefined, failure);
      return failure;
    }
  }

  /** A result above 0 is a success with a warning, as the PCI core has it. */
  #resultOf(answer: unknown): string | undefined {
    if (!Number.isInteger(answer)) {
      const failure = `probe returned ${messageOf(answer)}, which is no errno`;
      this.#record('linuxProbeReturn', undefined, failure);
      return failure;
    }
    const result = Number(answer);
    this.#record('linuxProbeReturn', Math.min(result, 0));
    if (result > 0) this.#log.warn('result', {}, `probe unexpectedly returned ${result}`);
    return result < 0 ? `probe failed with ${errnoName(result)}` : undefined;
  }

  #kernel(): LinuxKernel {
    const { name, configuration, log, busStatistics } = this.#options;
    return {
      name,
      parameters: configuration,
      clock: this.#clock,
      log,
      busStatistics,
      scheduleWork: (work) => this.#work.schedule(work),
      flushWork: () => this.#work.flush(),
      kzalloc: (size) => allocateMemory(size, (length) => this.#asked(length)),
    };
  }

  #asked(length: number | undefined): void {
    const { trace, identity } = this.#options;
    if (trace.enabled) trace.record({ hop: 'kzalloc', name: 'kzalloc', ...identity(), length });
  }

  #report(what: string, error: unknown): void {
    const note = `${what} of the Linux VF driver threw: ${messageOf(error)}`;
    const { trace, identity, observer } = this.#options;
    const stack = stackOf(error);
    this.#log.error(what, { stack }, note);
    if (trace.enabled) {
      trace.record({ hop: 'linuxContractViolated', name: what, ...identity(), note });
    }
    observer?.broke({ ...EXCEPTION_RULE, name: what, what: note, stack });
  }

  #record(
    hop: 'linuxProbe' | 'linuxProbeReturn' | 'linuxRemove',
    status: number | undefined,
    note?: string,
  ): void {
    const { trace, identity } = this.#options;
    const name = hop === 'linuxRemove' ? 'remove' : 'probe';
    if (trace.enabled) trace.record({ hop, name, ...identity(), status, note });
  }
}

function deviceOf({ name, device, blocks }: NativeDriverOptions): LinuxPciDevice {
  return {
    name,
    vendor: device.vendorId,
    device: device.deviceId,
    hyperv_read_cfg_blk: (buffer, length, blockId) => blocks.read(buffer, length, blockId),
    hyperv_write_cfg_blk: (buffer, length, blockId) => blocks.write(buffer, length, blockId),
    hyperv_reg_block_invalidate: (context, blockInvalidate) =>
      blocks.register(blockInvalidate && ((mask) => blockInvalidate(context, mask))),
  };
}
