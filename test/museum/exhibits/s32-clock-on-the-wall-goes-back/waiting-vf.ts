import { defineVfMiniport, type VfAdapter } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { type Clock, delay } from '#shared/time/clock.ts';
import { MAIL_LENGTH, mailBytes, REQUEST_BLOCK } from '../../drivers/mail.ts';

/** Which clock a driver reads while it waits. */
export type Reads = 'gettimeofday' | 'clock_gettime';

const REQUESTS = 2;
const PATIENCE_MS = 500;
const LOOKS_EVERY_MS = 10;
const AN_HOUR_MS = 3_600_000;

/**
 * A VF that asks twice, and gives up an answer after half a second. The keyword `SetBackAfterMs` says
 * when, after its start, somebody sets the clock on the wall back by an hour.
 */
export function waitingVf(reads: Reads) {
  return defineVfMiniport((adapter) => {
    const halted = new AbortController();
    const now = reads === 'gettimeofday' ? timeOfDay(adapter) : () => adapter.clock.now();
    let answers = 0;
    const ask = async (matchId: number): Promise<void> => {
      const mail = mailBytes({ code: 1, matchId, value: 0 });
      await adapter.ndisMWriteConfigBlock(REQUEST_BLOCK, mail, MAIL_LENGTH);
      const end = now() + PATIENCE_MS;
      while (answers < matchId && now() < end && !halted.signal.aborted) {
        await delay(adapter.clock, LOOKS_EVERY_MS, halted.signal);
      }
    };
    return configBlockVf({
      initialize() {
        adapter.ndisQueueIoWorkItem(async () => {
          for (let matchId = 1; matchId <= REQUESTS; matchId++) await ask(matchId);
        });
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      invalidated: () => void answers++,
      halt: () => halted.abort(),
    });
  });
}

/** The clock on the wall, which an operator sets, or a program that asks for the time. */
function timeOfDay({ clock, configuration }: VfAdapter): Clock['now'] {
  const setBackAt = clock.now() + Number(configuration.get('SetBackAfterMs'));
  return () => clock.now() - (clock.now() < setBackAt ? 0 : AN_HOUR_MS);
}
