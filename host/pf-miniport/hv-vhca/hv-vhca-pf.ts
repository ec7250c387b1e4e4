import { capabilityBit, HV_VHCA_AGENT, invalidationBit } from '#shared/hv-vhca/agent.ts';
import { HV_VHCA_BLOCK_SIZE } from '#shared/hv-vhca/block.ts';
import { decodeControlBlock, encodeControlBlock } from '#shared/hv-vhca/control-block.ts';
import { decodeDataBlock } from '#shared/hv-vhca/data-block.ts';
import { decodeRingStatistics, MAX_RINGS } from '#shared/hv-vhca/ring-statistics.ts';
import { STATS_COMMAND, statsCommandName } from '#shared/hv-vhca/stats-command.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { RecurringLog } from '#shared/recurring-log.ts';
import type { BlockId } from '#shared/vpci/config-block.ts';
import type { PfAdapter, PfVfReport } from '../../ndis/pf-miniport.ts';
import type { VfParameters } from '../../ndis/vf-parameters.ts';
import type { BlockAnswer, ConfigBlockPf } from '../config-block-pf.ts';
import { IssuedCommand } from './issued-command.ts';
import { readKeywords } from './keywords.ts';
import { reportOf, totalsOf } from './vf-report.ts';
import { VirtualFunction } from './virtual-function.ts';

const STATS = capabilityBit(HV_VHCA_AGENT.stats);

/**
 * The PF driver of hv_vhca, in terms of its blocks. No host side of this protocol has been published:
 * the layouts and the steps of the VF are facts, and what the PF does on its own account is a choice.
 */
export class HvVhcaPf implements ConfigBlockPf {
  /** No vendor has this id: the blocks are those of a real NIC, and the device is not. */
  readonly vendorDeviceId = { vendorId: 0xfffe, deviceId: 0x0002 };
  readonly #adapter: PfAdapter;
  readonly #log: RecurringLog;
  readonly #vfs = new Map<number, VirtualFunction>();
  #statsCommand: number = STATS_COMMAND.stop;

  constructor(adapter: PfAdapter) {
    this.#adapter = adapter;
    this.#log = new RecurringLog(adapter.log, adapter.clock);
  }

  initialize(): NdisStatus {
    const keywords = readKeywords(this.#adapter.configuration);
    if ('keyword' in keywords) {
      this.#adapter.log.error(keywords, 'keyword is not valid');
      return NDIS_STATUS.NDIS_STATUS_FAILURE;
    }
    this.#statsCommand = keywords.statsCommand;
    return NDIS_STATUS.NDIS_STATUS_SUCCESS;
  }

  halt(): void {
    for (const vf of this.#vfs.values()) vf.withdraw();
  }

  vfAllocated(vfId: number, parameters: VfParameters): void {
    this.#vfs.set(vfId, new VirtualFunction(vfId));
    this.#log.info(`${vfId} allocated`, { vfId, vm: parameters.vmName }, 'VF allocated');
  }

  /** Forgets all that the VF has told. It is told when that changes block 0, to publish it anew. */
  vfReset(vfId: number): void {
    const vf = this.#vfs.get(vfId);
    if (vf === undefined) return;
    const wasEmpty = Object.values(vf.controlBlock).every((field) => field === 0);
    vf.withdraw();
    this.#vfs.set(vfId, new VirtualFunction(vfId));
    if (!wasEmpty) this.#invalidateControl(vfId);
  }

  vfFreed(vfId: number): void {
    this.#vfs.get(vfId)?.withdraw();
    this.#vfs.delete(vfId);
  }

  /** Only the control block can be read; the VF is the one who has data. */
  readBlock(vfId: number, blockId: BlockId, length: number): BlockAnswer {
    const vf = this.#vfs.get(vfId);
    const isReadable = blockId === HV_VHCA_AGENT.control && length === HV_VHCA_BLOCK_SIZE;
    if (vf === undefined || !isReadable) return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    return encodeControlBlock(vf.controlBlock);
  }

  writeBlock(vfId: number, blockId: BlockId, data: Uint8Array): NdisStatus {
    const vf = this.#vfs.get(vfId);
    if (vf === undefined) return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    switch (blockId) {
      case HV_VHCA_AGENT.control:
        return this.#writeControl(vf, data);
      case HV_VHCA_AGENT.stats:
        return this.#writeStatistics(vf, data);
      default:
        return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    }
  }

  reportVf(vfId: number): PfVfReport {
    const vf = this.#vfs.get(vfId);
    return vf === undefined ? { blocks: [], details: {} } : reportOf(vf);
  }

  /** Commands the statistics agent of a VF; one that has none is not commanded. */
  commandStats(vfId: number, command: number): void {
    const vf = this.#vfs.get(vfId);
    if (vf === undefined || (vf.written.capabilities & STATS) === 0) return;
    const what = { vfId, command: statsCommandName(command) };
    const overdue = (): void =>
      this.#log.warn(`${vfId} overdue`, what, 'hv_vhca command not acknowledged');
    vf.issue(new IssuedCommand(STATS, command, this.#adapter.clock, overdue));
    this.#log.info(`${vfId} issued`, what, 'hv_vhca command issued');
    this.#invalidateControl(vfId);
  }

  #invalidateControl(vfId: number): void {
    this.#adapter.ndisMInvalidateConfigBlock(vfId, invalidationBit(HV_VHCA_AGENT.control));
  }

  #writeControl(vf: VirtualFunction, data: Uint8Array): NdisStatus {
    const block = decodeControlBlock(data);
    if (block === undefined) return this.#refuse(vf, HV_VHCA_AGENT.control, data);
    const { vfId } = vf;
    const { rings } = block;
    vf.write(block);
    if (rings > MAX_RINGS) {
      this.#log.warn(`${vfId} rings`, { vfId, rings }, 'hv_vhca rings are too many');
    }
    if ((block.capabilities & STATS) === 0) vf.withdraw();
    else if (vf.issued === undefined) this.commandStats(vfId, this.#statsCommand);
    else if (vf.issued.acknowledge(block)) {
      const what = { vfId, command: statsCommandName(vf.issued.command), rings };
      this.#log.info(`${vfId} acknowledged`, what, 'hv_vhca command acknowledged');
    }
    return NDIS_STATUS.NDIS_STATUS_SUCCESS;
  }

  /** Without the number of rings, which a VF tells with its first acknowledgement, data means nothing. */
  #writeStatistics(vf: VirtualFunction, data: Uint8Array): NdisStatus {
    const { vfId, reassembly } = vf;
    const block = decodeDataBlock(data);
    if (block === undefined || !reassembly.isReady) {
      return this.#refuse(vf, HV_VHCA_AGENT.stats, data);
    }
    const payload = reassembly.take(block);
    if (payload === undefined) return NDIS_STATUS.NDIS_STATUS_SUCCESS;
    const { sequence } = payload;
    const rings = decodeRingStatistics(payload.bytes);
    vf.lastReport = { at: this.#adapter.clock.now(), sequence, rings };
    const what = { vfId, sequence, rings: rings.length, ...totalsOf(rings) };
    this.#log.info(`${vfId} statistics`, what, 'hv_vhca statistics');
    return NDIS_STATUS.NDIS_STATUS_SUCCESS;
  }

  #refuse({ vfId, written }: VirtualFunction, blockId: BlockId, data: Uint8Array): NdisStatus {
    const what = { vfId, blockId, length: data.byteLength, rings: written.rings };
    this.#log.warn(`${vfId} refused`, what, 'hv_vhca block refused');
    return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
  }
}
