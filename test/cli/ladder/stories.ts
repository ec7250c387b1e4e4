import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import type { HopName } from '#shared/trace/hops.ts';
import type { TraceEntry, TraceEvent } from '#shared/trace/trace.ts';

/** What each of two processes saw of one thing that happened. */
export interface Story {
  readonly guest: readonly TraceEvent[];
  readonly host: readonly TraceEvent[];
}

/** Who saw it, milliseconds after the step before, the hop, and what travels. */
type Step = readonly ['guest' | 'host', number, HopName, string, Partial<TraceEntry>?];

const START = 1_700_000_000_000;

/** Writes the steps down as two processes whose clocks agree would. */
function tell(steps: readonly Step[]): Story {
  const story = { guest: [] as TraceEvent[], host: [] as TraceEvent[] };
  let at = START;
  for (const [side, after, hop, name, more] of steps) {
    at += after;
    const known = side === 'host' ? { device: 'g1/0', vfId: 1 } : { device: 'g1/0' };
    const events = story[side];
    events.push({ seq: events.length + 1, at, hop, name, ...known, generation: 1, ...more });
  }
  return story;
}

const SUCCESS = { status: 0 };
const BLOCK_0 = { blockId: 0, length: 128 };

function readSteps(block: Partial<TraceEntry>, transactionId: number): readonly Step[] {
  const moved = { ...block, ...SUCCESS };
  const read = 'OID_SRIOV_READ_VF_CONFIG_BLOCK';
  return [
    ['guest', 0.05, 'ndisMReadConfigBlock', 'NdisMReadConfigBlock', block],
    ['guest', 0.021, 'ioCallDriver', 'IOCTL_VPCI_READ_BLOCK', block],
    ['guest', 0.033, 'guestPacketSent', 'READ_BLOCK', { ...block, transactionId }],
    ['host', 0.184, 'guestPacketReceived', 'READ_BLOCK', { ...block, transactionId }],
    ['host', 0.028, 'oidRequest', read, block],
    ['host', 0.009, 'pfMiniportOidRequest', read, block],
    ['host', 0.042, 'pfMiniportOidRequestComplete', read, moved],
    ['host', 0.007, 'oidRequestComplete', read, moved],
    ['host', 0.031, 'hostCompletionSent', 'READ_BLOCK', { ...SUCCESS, length: 128, transactionId }],
    [
      'guest',
      0.162,
      'hostCompletionReceived',
      'READ_BLOCK',
      { ...SUCCESS, length: 128, transactionId },
    ],
    ['guest', 0.024, 'ioCompleteRequest', 'IOCTL_VPCI_READ_BLOCK', moved],
    ['guest', 0.012, 'ndisMReadConfigBlockReturn', 'NdisMReadConfigBlock', moved],
  ];
}

/** A read of block 0 that succeeds. */
export const READ = tell(readSteps(BLOCK_0, 7));

/** A write of block 64 that succeeds. */
export const WRITE = tell(writeSteps({ blockId: 64, length: 24 }, 8));

function writeSteps(block: Partial<TraceEntry>, transactionId: number): readonly Step[] {
  const moved = { ...block, ...SUCCESS };
  const write = 'OID_SRIOV_WRITE_VF_CONFIG_BLOCK';
  return [
    ['guest', 0, 'ndisMWriteConfigBlock', 'NdisMWriteConfigBlock', block],
    ['guest', 0.019, 'ioCallDriver', 'IOCTL_VPCI_WRITE_BLOCK', block],
    ['guest', 0.036, 'guestPacketSent', 'WRITE_BLOCK', { ...block, transactionId }],
    ['host', 0.177, 'guestPacketReceived', 'WRITE_BLOCK', { ...block, transactionId }],
    ['host', 0.025, 'oidRequest', write, block],
    ['host', 0.01, 'pfMiniportOidRequest', write, block],
    ['host', 0.055, 'pfMiniportOidRequestComplete', write, moved],
    ['host', 0.008, 'oidRequestComplete', write, moved],
    ['host', 0.027, 'hostCompletionSent', 'WRITE_BLOCK', { ...SUCCESS, transactionId }],
    ['guest', 0.158, 'hostCompletionReceived', 'WRITE_BLOCK', { ...SUCCESS, transactionId }],
    ['guest', 0.022, 'ioCompleteRequest', 'IOCTL_VPCI_WRITE_BLOCK', moved],
    ['guest', 0.011, 'ndisMWriteConfigBlockReturn', 'NdisMWriteConfigBlock', moved],
  ];
}

const MASK = { mask: '0x0000000000000021' };

/** Blocks 0 and 5 change; the VF is told, and reads block 0 again inside its OID handler. */
export const INVALIDATION = tell([
  ['host', 0, 'ndisMInvalidateConfigBlock', 'NdisMInvalidateConfigBlock', MASK],
  ['host', 0.006, 'invalidateSignal', 'NdisMInvalidateConfigBlock', MASK],
  ['host', 0.004, 'blockMaskCached', 'BlockMask', MASK],
  ['host', 0.018, 'hostPacketSent', 'INVALIDATE_BLOCK', { ...MASK, transactionId: 3 }],
  ['guest', 0.131, 'hostPacketReceived', 'INVALIDATE_BLOCK', { ...MASK, transactionId: 3 }],
  ['guest', 0.015, 'ioCompleteRequest', 'IOCTL_VPCI_INVALIDATE_BLOCK', { ...MASK, ...SUCCESS }],
  ['guest', 0.008, 'ioCallDriver', 'IOCTL_VPCI_INVALIDATE_BLOCK'],
  ['guest', 0.011, 'vfMiniportOidRequest', 'OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK', MASK],
  ...readSteps(BLOCK_0, 9),
  [
    'guest',
    0.047,
    'vfMiniportOidRequestComplete',
    'OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK',
    { ...MASK, ...SUCCESS },
  ],
]);

const BLOCK_9 = { blockId: 9, length: 16 };
const PF_REFUSES = { ...BLOCK_9, status: NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER };
const REFUSED = { status: NTSTATUS.STATUS_INVALID_PARAMETER };

/** A read of block 9, which the PF miniport does not know. */
export const FAILED_READ = tell([
  ...readSteps(BLOCK_9, 11).slice(0, 6),
  ['host', 0.042, 'pfMiniportOidRequestComplete', 'OID_SRIOV_READ_VF_CONFIG_BLOCK', PF_REFUSES],
  ['host', 0.007, 'oidRequestComplete', 'OID_SRIOV_READ_VF_CONFIG_BLOCK', PF_REFUSES],
  ['host', 0.031, 'hostCompletionSent', 'READ_BLOCK', { ...REFUSED, transactionId: 11 }],
  ['guest', 0.162, 'hostCompletionReceived', 'READ_BLOCK', { ...REFUSED, transactionId: 11 }],
  ['guest', 0.024, 'ioCompleteRequest', 'IOCTL_VPCI_READ_BLOCK', { ...BLOCK_9, ...REFUSED }],
  [
    'guest',
    0.012,
    'ndisMReadConfigBlockReturn',
    'NdisMReadConfigBlock',
    { ...BLOCK_9, status: NDIS_STATUS.NDIS_STATUS_FAILURE },
  ],
]);
