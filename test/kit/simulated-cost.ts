import type { VfAdapter } from '#guest/ndis/vf-miniport.ts';
import { defineVfMiniport } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { definePfMiniport } from '#host/ndis/pf-miniport.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import type { Clock } from '#shared/time/clock.ts';
import { readBlock } from '#shared/wire/block.ts';
import { bytesFromWire, bytesToWire, SLOT } from '#shared/wire/codecs.ts';
import { completionText, packetText, parseJson } from '#shared/wire/frame.ts';
import { createWorld } from './world/world.ts';

const LENGTH = 128;
const BLOCK = 1;
const READS_AT_ONCE = 1_000;
const data = new Uint8Array(LENGTH).fill(7);

/** Reads through the full chain of a simulated world, traced and with its data, as a kit has it. */
export interface SimulatedReads {
  /** Milliseconds that each of so many reads takes, one after the other. */
  measure(reads: number): Promise<number>;
  end(): Promise<void>;
}

export async function simulatedReads(clock: Clock): Promise<SimulatedReads> {
  let adapter: VfAdapter | undefined;
  const pf = definePfMiniport((own) =>
    configBlockPf(own, {
      readBlock: () => data,
      writeBlock: () => NDIS_STATUS.NDIS_STATUS_SUCCESS,
    }),
  );
  const vf = defineVfMiniport((own) => {
    adapter = own;
    return configBlockVf({ invalidated() {} });
  });
  const world = await createWorld({ pf, verifier: 'off' });
  await world.attachGuest(vf);
  const buffer = new Uint8Array(LENGTH);
  return {
    async measure(reads) {
      const start = clock.now();
      for (let each = 0; each < reads; each++) {
        await adapter?.ndisMReadConfigBlock(BLOCK, buffer, LENGTH);
        world.events.length = 0;
        // A world in which no time passes for too long is stopped as a livelock.
        if (each % READS_AT_ONCE === 0) await world.advance('1ms');
      }
      return (clock.now() - start) / reads;
    },
    end: () => world.end(),
  };
}

/**
 * Milliseconds that each of so many pairs of messages takes: a read and its completion, each held to its
 * schema, written, read and held to the schema of its frame.
 */
export function barePairs(clock: Clock, pairs: number): number {
  const buffer = new Uint8Array(LENGTH);
  const start = clock.now();
  for (let id = 1; id <= pairs; id++) {
    const message = { type: 'READ_BLOCK', blockId: BLOCK, slot: SLOT, bytesRequested: LENGTH };
    readBlock.message.parse(message);
    readBlock.frame.parse(parseJson(packetText(id, true, message)));
    const completion = { status: 0, bytes: bytesToWire(data) };
    readBlock.completion.parse(completion);
    const { message: answer } = readBlock.completionFrame.parse(
      parseJson(completionText(id, completion)),
    );
    buffer.set(bytesFromWire(answer.bytes ?? ''));
  }
  return (clock.now() - start) / pairs;
}
