import { newDevicePowerBuffer } from '#guest/ndis/device-power-buffer.ts';
import { newInvalidateInfo } from '#guest/ndis/invalidate-info.ts';
import { VfDriverIo } from '#guest/ndis/vf-driver-io.ts';
import type {
  BusStatistics,
  VfAdapter,
  VfMiniport,
  VfMiniportFactory,
} from '#guest/ndis/vf-miniport.ts';
import type { NdisDevicePowerState } from '#shared/ndis/device-power-state.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { methodRequest, setRequest } from '#shared/ndis/oid-request.ts';
import { dispatchClock } from '#shared/nt/dispatch-clock.ts';
import { CurrentIrql, IRQL, irqlName } from '#shared/nt/irql.ts';
import { kernelServices } from '#shared/nt/kernel-services.ts';
import type { ContentVersions } from '#shared/reference-nic/content-versions.ts';
import { encodeMulticastAddresses } from '#shared/reference-nic/multicast-addresses.ts';
import {
  encodePortAttributes,
  type PortAttributes,
} from '#shared/reference-nic/port-attributes.ts';
import { encodeReceiveFilter } from '#shared/reference-nic/receive-filter.ts';
import { Trace } from '#shared/trace/trace.ts';
import { maskOfBlocks } from '#shared/vpci/config-block.ts';
import { newOidRequest } from '#test/contract/oid-requests.ts';
import { ManualClock } from '#test/kit/world/manual-clock.ts';
import { CapturedLog } from '#test/shared/reference-nic/captured-log.ts';
import { initializing } from '#test/support/initializing.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_FAILURE } = NDIS_STATUS;

export const ATTRIBUTES: PortAttributes = {
  macAddress: '02:15:5d:00:00:01',
  vlanId: 5,
  mtu: 1500,
  linkState: 'MediaConnectStateConnected',
  linkSpeed: 25_000_000_000n,
};

/** What a VF wrote to a block. */
export interface Write {
  readonly blockId: number;
  readonly data: Uint8Array;
}

/** A PF as its VF sees it: blocks that a test fills, and what it makes of reads and writes. */
export class ScriptedPf {
  readonly blocks = new Map<number, Uint8Array>();
  /** The first bytes of configuration space; none when it cannot be read. */
  space = Uint8Array.of(0xfe, 0xff, 0x01, 0x00);
  readonly reads: number[] = [];
  readonly writes: Write[] = [];
  /** Called before a read is answered. */
  beforeRead: (blockId: number) => void | Promise<void> = () => {};
  /** The status of a write. */
  answerWrite: (write: Write) => NdisStatus | Promise<NdisStatus> = () => NDIS_STATUS_SUCCESS;

  constructor() {
    this.configure([1, 1, 1]);
  }

  async readSpace(offset: number, buffer: Uint8Array, length: number): Promise<number> {
    const bytes = this.space.subarray(offset, offset + length);
    buffer.set(bytes);
    return bytes.byteLength;
  }

  /** Fills blocks 0 to 2, all with these versions in their headers. */
  configure(versions: ContentVersions, attributes: Partial<PortAttributes> = {}): void {
    this.blocks.set(0, encodePortAttributes({ ...ATTRIBUTES, ...attributes }, versions));
    this.blocks.set(1, encodeReceiveFilter({ packetTypes: 0x0b, vlanIds: [7] }, versions));
    this.blocks.set(2, encodeMulticastAddresses(['01:00:5e:00:00:01'], versions));
  }

  async read(blockId: number, buffer: Uint8Array, length: number): Promise<NdisStatus> {
    this.reads.push(blockId);
    await this.beforeRead(blockId);
    const bytes = this.blocks.get(blockId);
    if (bytes === undefined) return NDIS_STATUS_FAILURE;
    buffer.set(bytes.subarray(0, length));
    return NDIS_STATUS_SUCCESS;
  }

  async write(blockId: number, buffer: Uint8Array, length: number): Promise<NdisStatus> {
    const write = { blockId, data: buffer.slice(0, length) };
    this.writes.push(write);
    return await this.answerWrite(write);
  }
}

/** For miniports that send no requests past NDIS. */
const noDriverIo: Pick<VfAdapter, 'wdm' | 'ndisMGetDeviceProperty'> = new VfDriverIo({
  device: {
    ioCallDriver() {
      throw new Error('this VF sends no IRP');
    },
  },
  irql: new CurrentIrql(),
  clock: new ManualClock(),
  trace: new Trace(() => 0),
  identity: () => ({ device: 'contract/0' }),
  violated: () => {},
  ndisIssuesInvalidate: () => true,
});

/** A VF miniport with the rest of the guest OS played by a test. */
export class VfUnderTest {
  readonly clock = new ManualClock();
  readonly logged = new CapturedLog();
  readonly pf: ScriptedPf;
  readonly adapter: VfAdapter;
  readonly miniport: VfMiniport;
  busStatistics: BusStatistics = {
    framesSent: 1,
    framesReceived: 2,
    bytesSent: 3,
    bytesReceived: 4,
  };

  constructor(
    factory: VfMiniportFactory,
    keywords: Readonly<Record<string, string>> = {},
    pf = new ScriptedPf(),
  ) {
    this.pf = pf;
    const irql = new CurrentIrql();
    this.adapter = {
      name: 'g1/0',
      configuration: new Map(Object.entries(keywords)),
      clock: dispatchClock(this.clock, irql),
      log: this.logged.log,
      ...kernelServices(irql, (error) => this.logged.log.error(error, 'a work item threw')),
      ...initializing('NdisHypervisorPartitionMsHvChild'),
      ndisMReadConfigBlock(blockId, buffer, length) {
        demandThatItMayBlock(irql);
        return pf.read(blockId, buffer, length);
      },
      ndisMWriteConfigBlock(blockId, buffer, length) {
        demandThatItMayBlock(irql);
        return pf.write(blockId, buffer, length);
      },
      ndisMGetBusData: (_whichSpace, offset, buffer, length) =>
        pf.readSpace(offset, buffer, length),
      ndisMSetBusData: () => {
        throw new Error('this VF writes no configuration space');
      },
      ndisMOidRequestComplete: () => {
        throw new Error('this VF leaves no request pending');
      },
      busStatistics: () => this.busStatistics,
      wdm: noDriverIo.wdm,
      ndisMGetDeviceProperty: () => noDriverIo.ndisMGetDeviceProperty(),
    };
    this.miniport = factory(this.adapter);
  }

  /** MiniportInitializeEx. */
  async initialize(): Promise<NdisStatus | undefined> {
    return await this.miniport.miniportInitializeEx?.(this.adapter);
  }

  /** OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK with these blocks. */
  async invalidate(...blocks: number[]): Promise<NdisStatus> {
    const parameters = methodRequest(
      OID.OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK,
      newInvalidateInfo(maskOfBlocks(blocks)),
    );
    return await this.miniport.miniportOidRequest(newOidRequest(parameters));
  }

  /** OID_PNP_SET_POWER with this state. */
  async setPower(state: NdisDevicePowerState): Promise<NdisStatus> {
    const parameters = setRequest(OID.OID_PNP_SET_POWER, newDevicePowerBuffer(state));
    return await this.miniport.miniportOidRequest(newOidRequest(parameters));
  }

  /** MiniportHaltEx. */
  async halt(): Promise<void> {
    await this.miniport.miniportHaltEx?.('NdisHaltDeviceDisabled');
  }
}

/** Blocks are read and written at IRQL <= APC_LEVEL. */
function demandThatItMayBlock(irql: CurrentIrql): void {
  if (irql.level > IRQL.APC_LEVEL) throw new Error(`this blocks at ${irqlName(irql.level)}`);
}
