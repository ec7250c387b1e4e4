import type { PfAdapter } from '#host/ndis/pf-miniport.ts';
import { delay } from '#shared/time/clock.ts';
import type { Question } from '../../drivers/mailbox-pf.ts';
import { Mutex } from '../../drivers/mutex.ts';

/**
 * Serves the requests of VFs under the lock under which an operator sets up a VF. The keywords
 * `OperatorAtMs` and `OperatorTakesMs` have when, after the first request, and for how long that is.
 */
export function lockingPf(how: 'tries' | 'waits') {
  return ({ clock, configuration }: PfAdapter) => {
    const lock = new Mutex();
    const operate = async (): Promise<void> => {
      await delay(clock, Number(configuration.get('OperatorAtMs')));
      await lock.acquire();
      await delay(clock, Number(configuration.get('OperatorTakesMs')));
      lock.release();
    };
    let isSetUp = false;
    return ({ mail, reply }: Question): void => {
      if (!isSetUp) void operate();
      isSetUp = true;
      void serve();
      async function serve(): Promise<void> {
        if (how === 'waits') await lock.acquire();
        else if (!lock.tryAcquire()) return;
        reply(mail.value);
        lock.release();
      }
    };
  };
}
