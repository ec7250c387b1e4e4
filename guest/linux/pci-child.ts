import type { ContractBreach } from '#shared/ndis/contract-observer.ts';
import type { VerifierReport } from '#shared/verifier/report.ts';
import type { Verifier } from '#shared/verifier/verifier.ts';
import type { BusDevice } from '#shared/wire/bus.ts';
import type { LowerDevice } from '../io/device-object.ts';
import type { VfMiniportFactory } from '../ndis/vf-miniport.ts';
import type { VfLifeOptions } from '../vf-life.ts';
import { ConfigWindow } from '../vpci/config-window.ts';
import { BlockFunctions } from './block-functions.ts';
import type { BoundDriver } from './bound-driver.ts';
import type { HvPciBus } from './hv-pci-bus.ts';
import type { LinuxModule } from './linux-vf-driver.ts';
import { MiniportDriver } from './miniport-driver.ts';
import { NativeDriver } from './native-driver.ts';
import type { ReadPadding } from './received-length.ts';

/** A device on the bus, what its driver calls, and that driver. */
export interface PciChild {
  readonly device: BusDevice;
  readonly blocks: BlockFunctions;
  readonly driver: BoundDriver;
}

export interface PciChildOptions extends VfLifeOptions {
  /** A VF miniport runs on Linux as well, on an NDIS of its own. */
  readonly driver: VfMiniportFactory | LinuxModule;
  readonly readPadding: ReadPadding;
  /** Puts something between that NDIS and what is beneath it. */
  readonly interpose: ((device: LowerDevice) => LowerDevice) | undefined;
  /** Watches the driver; nothing does without it. */
  readonly verifier?: Verifier | undefined;
  /** Stops the VF for what the verifier found. */
  readonly stop: (report: VerifierReport) => void;
}

/** A device that the host has listed; its driver has not probed it yet. */
export function newPciChild(options: PciChildOptions, bus: HvPciBus, device: BusDevice): PciChild {
  const { driver, verifier, stop, device: name } = options;
  const title = `Linux VF driver ${name}`;
  const actor = { title, hop: 'linuxContractViolated', device: name, stop } as const;
  const observer = verifier && {
    broke: (breach: ContractBreach) => verifier.found(actor, breach),
  };
  const identity = () => bus.identity;
  const blocks = new BlockFunctions({ ...options, channel: bus.channel, identity, observer });
  const bound = {
    ...options,
    name: options.device,
    blocks,
    busInterface: new ConfigWindow(bus.channel, options.trace, identity),
    identity,
    busStatistics: () => bus.channel.counters,
  };
  return {
    device,
    blocks,
    driver:
      typeof driver === 'function'
        ? new MiniportDriver({ ...bound, miniport: driver, serialNumber: device.serialNumber })
        : new NativeDriver({ ...bound, device, observer, module: driver }),
  };
}

/** Whether both are the same instance of the same device: by slot, ids and serial number. */
export function isSameDevice(one: BusDevice, other: BusDevice): boolean {
  return (
    one.slot === other.slot &&
    one.vendorId === other.vendorId &&
    one.deviceId === other.deviceId &&
    one.serialNumber === other.serialNumber
  );
}
