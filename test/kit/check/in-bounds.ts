import type { HopName } from '#shared/trace/hops.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { VPCI_MAX_READ_WRITE_BLOCK_SIZE } from '#shared/vpci/config-block.ts';
import type { BlockRequest } from './block-requests.ts';
import { type Checker, type Finding, verdict } from './checker.ts';
import { describeEvent } from './describe-event.ts';

/** A driver may ask for what is refused. */
const CALLS_TO_WRITE: readonly HopName[] = [
  'ndisMWriteConfigBlock',
  'vfIoCallDriver',
  'writeVfConfigBlock',
  'hypervWriteCfgBlk',
];

const U32_MAX = 0xffff_ffff;

/** I6: lengths, block ids and transaction ids are in their ranges, and no read returns more than asked. */
export const inBounds: Checker = {
  id: 'I6',
  rule: 'Bytes and ids are in bounds: no read returns more than was asked for, nor more than 128 bytes.',
  check(run) {
    const start = run.events[0]?.at ?? 0;
    const strays = run.events.flatMap((event): readonly Finding[] => {
      const why = outOfRange(event);
      return why === undefined
        ? []
        : [{ why: `${describeEvent(event, start)} has ${why}`, events: [event.seq] }];
    });
    const overlong = run.history.requests.flatMap((request) => overlongRead(request, start));
    return verdict(this.id, [...strays, ...overlong]);
  },
};

function outOfRange({ blockId, transactionId, data, status, hop }: TraceEvent): string | undefined {
  if (blockId !== undefined && !isU32(blockId)) return `the block id ${blockId}`;
  if (transactionId !== undefined && !(Number.isSafeInteger(transactionId) && transactionId >= 1)) {
    return `the transaction id ${transactionId}`;
  }
  if (data === undefined || CALLS_TO_WRITE.includes(hop)) return undefined;
  const bytes = data.length / 2;
  const isMeant = status === undefined || status === 0;
  return isMeant && bytes > VPCI_MAX_READ_WRITE_BLOCK_SIZE ? `${bytes} bytes of data` : undefined;
}

function isU32(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= U32_MAX;
}

function overlongRead({ kind, call, returned }: BlockRequest, start: number): readonly Finding[] {
  const [first] = returned;
  const asked = call.length ?? 0;
  if (kind !== 'read' || first?.status !== 0 || (first.length ?? 0) <= asked) return [];
  const why = `${call.device}: ${describeEvent(call, start)} asked for ${asked} bytes and got ${first.length} at event ${first.seq}`;
  return [{ why, events: [call.seq, first.seq] }];
}
