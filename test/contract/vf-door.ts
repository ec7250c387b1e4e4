import { describeIoViolation, type IoViolation } from '#guest/io/io-violation.ts';
import { newInvalidateInfo } from '#guest/ndis/invalidate-info.ts';
import { ndisIssuesInvalidate } from '#guest/ndis/ndis-version.ts';
import { VfDriverIo } from '#guest/ndis/vf-driver-io.ts';
import type {
  NdisHaltAction,
  VfAdapter,
  VfMiniport,
  VfMiniportFactory,
} from '#guest/ndis/vf-miniport.ts';
import { watchVf } from '#guest/verifier/watch-vf.ts';
import type { VpciDriver } from '#guest/vpci/vpci-driver.ts';
import { messageOf } from '#shared/message-of.ts';
import type { NdisHypervisorPartitionType } from '#shared/ndis/hypervisor-info.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { methodRequest, type OidRequestParameters } from '#shared/ndis/oid-request.ts';
import { dispatchClock } from '#shared/nt/dispatch-clock.ts';
import { CurrentIrql } from '#shared/nt/irql.ts';
import { kernelServices } from '#shared/nt/kernel-services.ts';
import { isConfigurationRange } from '#shared/pci/configuration-space.ts';
import { Trace } from '#shared/trace/trace.ts';
import { type BlockId, isBlockId, isBlockLength } from '#shared/vpci/config-block.ts';
import { ManualClock } from '#test/kit/world/manual-clock.ts';
import { quietLog } from '#test/kit/world/quiet-log.ts';
import { breachVerifier } from './breach-verifier.ts';
import { busDataOver } from './bus-data.ts';
import { type Completed, OidDoor } from './oid-door.ts';
import type { Patience } from './patience.ts';
import { type Device, vpciDriverOver } from './vpci-device.ts';
import { WatchedRegistration } from './watched-registration.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_FAILURE } = NDIS_STATUS;

/** NDIS around a VF miniport that is held to its contract. */
export class VfDoor {
  readonly clock: ManualClock;
  readonly miniport: VfMiniport;
  readonly registration: WatchedRegistration;
  readonly #adapter: VfAdapter;
  readonly #patience: Patience;
  readonly #oids: OidDoor;
  readonly #breaches: string[];
  readonly #device: Device;
  readonly #vpci: VpciDriver;
  readonly #driverIo: VfDriverIo;
  #halted = false;
  /** The device no longer answers: every read and write fails. */
  gone = false;
  /** The device is out of D0: every read and write fails, and is written down. */
  isAsleep = false;
  /** What the miniport called while the device was out of D0. */
  readonly asleep: string[] = [];

  constructor(
    factory: VfMiniportFactory,
    configuration: ReadonlyMap<string, string>,
    breaches: string[],
    device: Device,
    patience: Patience,
    partitionType: NdisHypervisorPartitionType = 'NdisHypervisorPartitionMsHvChild',
  ) {
    this.clock = patience.clock;
    this.#patience = patience;
    this.#breaches = breaches;
    this.#device = device;
    const irql = new CurrentIrql();
    this.registration = new WatchedRegistration(partitionType, breaches);
    this.#vpci = vpciDriverOver({
      ...device,
      read: async (blockId, length) =>
        this.#isReached(`the read of block ${blockId}`)
          ? await device.read(blockId, length)
          : undefined,
      write: async (blockId, data) =>
        this.#isReached(`the write of block ${blockId}`) && (await device.write(blockId, data)),
    });
    this.#driverIo = new VfDriverIo({
      device: this.#vpci,
      irql,
      clock: this.clock,
      trace: new Trace(() => 0),
      identity: () => ({ device: 'contract/0' }),
      violated: (violation) => this.#violated(violation),
      ndisIssuesInvalidate: () => this.isToldByNdis,
    });
    this.#adapter = {
      name: 'contract/0',
      configuration,
      clock: dispatchClock(this.clock, irql),
      log: quietLog,
      ...kernelServices(irql, (error) => breaches.push(`a work item threw: ${messageOf(error)}`)),
      ...this.registration.watchedServices,
      ndisMReadConfigBlock: (blockId, buffer, length) => this.#read(blockId, buffer, length),
      ndisMWriteConfigBlock: (blockId, buffer, length) => this.#write(blockId, buffer, length),
      ...busDataOver(device, {
        isGone: () => this.gone,
        calls: (name, offset, length) => this.#watchBusData(name, offset, length),
      }),
      ndisMOidRequestComplete: (request, status) => this.#oids.complete(request, status),
      ndisMGetDeviceProperty: () => this.#driverIo.ndisMGetDeviceProperty(),
      wdm: this.#driverIo.wdm,
      busStatistics: () => ({ framesSent: 0, framesReceived: 0, bytesSent: 0, bytesReceived: 0 }),
    };
    const watched = watchVf({
      verifier: breachVerifier(breaches),
      miniport: factory,
      device: 'contract/0',
      // The miniport's own clock is counted for timers that it leaves behind.
      clock: new ManualClock(),
      stop: () => {},
    });
    this.miniport = watched.factory(this.#adapter);
    this.#oids = new OidDoor(patience, breaches, (request) =>
      this.miniport.miniportOidRequest(request),
    );
  }

  /** MiniportInitializeEx. */
  async tryInitialize(): Promise<NdisStatus> {
    const status = await this.registration.during(() =>
      this.#patience.returned('MiniportInitializeEx', () =>
        this.miniport.miniportInitializeEx?.(this.#adapter),
      ),
    );
    return status ?? NDIS_STATUS_SUCCESS;
  }

  issue(parameters: OidRequestParameters): Promise<Completed> {
    return this.#oids.issue(parameters);
  }

  /** Whether NDIS tells the miniport of invalidations; else it has an IOCTL pended for them. */
  get isToldByNdis(): boolean {
    return ndisIssuesInvalidate(this.miniport.ndisVersion);
  }

  /** OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK. */
  invalidate(mask: bigint): Promise<Completed> {
    return this.issue(invalidateRequest(mask));
  }

  /** An invalidation, which the IOCTL_VPCI_INVALIDATE_BLOCK of the miniport takes. */
  async notify(mask: bigint): Promise<void> {
    this.#vpci.notifyInvalidate(mask, 0);
    await this.#patience.until(
      'the wait for IOCTL_VPCI_INVALIDATE_BLOCK',
      () => this.#vpci.pendingMask === 0n,
    );
  }

  /** MiniportHaltEx, once. */
  async halt(action: NdisHaltAction = 'NdisHaltDeviceDisabled'): Promise<void> {
    if (this.#halted) return;
    if (action === 'NdisHaltDeviceSurpriseRemoved') {
      this.gone = true;
      this.#vpci.remove();
    }
    await this.#patience.returned('MiniportHaltEx', () => this.miniport.miniportHaltEx?.(action));
    this.#driverIo.close();
    this.#halted = true;
    this.gone = true;
  }

  async #read(blockId: BlockId, buffer: Uint8Array, length: number): Promise<NdisStatus> {
    this.#watch('NdisMReadConfigBlock', blockId, buffer, length);
    const isReached = this.#isReached('NdisMReadConfigBlock');
    const data = isReached ? await this.#device.read(blockId, length) : undefined;
    if (data === undefined || this.gone) return NDIS_STATUS_FAILURE;
    buffer.set(data.subarray(0, length));
    return NDIS_STATUS_SUCCESS;
  }

  async #write(blockId: BlockId, buffer: Uint8Array, length: number): Promise<NdisStatus> {
    this.#watch('NdisMWriteConfigBlock', blockId, buffer, length);
    const data = buffer.slice(0, length);
    const isReached = this.#isReached('NdisMWriteConfigBlock');
    const isWritten = isReached && (await this.#device.write(blockId, data));
    return isWritten ? NDIS_STATUS_SUCCESS : NDIS_STATUS_FAILURE;
  }

  /** Whether a call of the miniport reaches the device. */
  #isReached(call: string): boolean {
    if (this.isAsleep) this.asleep.push(`${call} came while the device was in D3`);
    return !this.gone && !this.isAsleep;
  }

  #violated(violation: IoViolation): void {
    this.#breaches.push(describeIoViolation(violation));
  }

  #watchBusData(name: string, offset: number, length: number): void {
    const call = `${name} of ${String(length)} bytes at ${String(offset)}`;
    if (this.#halted) this.#breaches.push(`it called ${call} after MiniportHaltEx`);
    if (!isConfigurationRange(offset, length)) {
      this.#breaches.push(`${call}: that is not within the 256 bytes of configuration space`);
    }
  }

  #watch(name: string, blockId: BlockId, buffer: Uint8Array, length: number): void {
    if (this.miniport.isAboveVirtualBusDriver === true) {
      this.#violated({ rule: 'ndis.above-a-vbd', name });
    }
    const call = `${name}(${String(blockId)}, a buffer of ${buffer.byteLength}, ${String(length)})`;
    if (this.#halted) this.#breaches.push(`it called ${call} after MiniportHaltEx`);
    if (!isBlockId(blockId)) this.#breaches.push(`${call}: that is no BlockId`);
    if (!isBlockLength(length)) this.#breaches.push(`${call}: the length is not 1 to 128`);
    if (length > buffer.byteLength) this.#breaches.push(`${call}: the buffer is too small`);
  }
}

/** An OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK as NDIS issues it. */
export function invalidateRequest(mask: bigint): OidRequestParameters {
  return methodRequest(OID.OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK, newInvalidateInfo(mask));
}
