import { describe, expect, test } from 'vitest';
import { createReferenceVf } from '#guest/vf-miniport/reference/index.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import {
  encodeMailboxVerdict,
  type MailboxVerdict,
} from '#shared/reference-nic/mailbox-verdict.ts';
import { deferred } from '#test/shared/reference-nic/deferred.ts';
import { VfUnderTest } from './vf-under-test.ts';

const MAC = '02:aa:bb:cc:dd:01';
const SET_MAC = '010001000100000002aabbccdd010000';
const SET_MTU = '01000200020000002823000000000000';

/** A started VF that asks, with nothing logged since. */
async function started(keywords: Readonly<Record<string, string>>) {
  const vf = new VfUnderTest(createReferenceVf(), { StatisticsIntervalMs: '0', ...keywords });
  await vf.initialize();
  vf.logged.lines.length = 0;
  return vf;
}

/** A PF that refuses each write, and answers a read of the mailbox with this verdict. */
function refuse(vf: VfUnderTest, verdict: MailboxVerdict): void {
  vf.pf.answerWrite = () => NDIS_STATUS.NDIS_STATUS_FAILURE;
  vf.pf.blocks.set(16, encodeMailboxVerdict(verdict));
}

describe('a request of the reference VF', () => {
  test('that is refused is logged with the reason that the mailbox gives', async () => {
    const vf = await started({ RequestMtu: '9000' });
    refuse(vf, { outcome: 'refused', sequence: 2, kind: 'setMtu', reason: 'mtuOutOfRange' });
    await vf.clock.advance(0);
    expect(vf.pf.reads.at(-1)).toBe(16);
    expect(vf.logged.lines).toEqual([
      {
        level: 'warn',
        msg: 'mailbox request refused',
        kind: 'setMtu',
        value: 9000,
        reason: 'mtuOutOfRange',
      },
    ]);
  });

  test.each<[string, MailboxVerdict | undefined]>([
    ['cannot be read', undefined],
    ['is none', { outcome: 'none' }],
    [
      'is that on another sequence',
      { outcome: 'refused', sequence: 1, kind: 'setMtu', reason: 'mtuOutOfRange' },
    ],
    ['is that on another kind', { outcome: 'granted', sequence: 2, kind: 'setMacAddress' }],
  ])('is unanswered when the verdict %s', async (_, verdict) => {
    const vf = await started({ RequestMtu: '9000' });
    refuse(vf, verdict ?? { outcome: 'none' });
    if (verdict === undefined) vf.pf.blocks.delete(16);
    await vf.clock.advance(0);
    expect(vf.logged.lines).toEqual([
      { level: 'warn', msg: 'mailbox request unanswered', kind: 'setMtu', value: 9000 },
    ]);
  });

  test('whose write failed on its way back was granted all the same', async () => {
    const vf = await started({ RequestMtu: '9000' });
    refuse(vf, { outcome: 'granted', sequence: 2, kind: 'setMtu' });
    await vf.clock.advance(0);
    expect(vf.logged.lines).toMatchObject([{ level: 'info', msg: 'mailbox request granted' }]);
  });

  test('is not made without its keyword', async () => {
    const vf = await started({});
    await vf.clock.advance(1_000_000);
    expect(vf.pf.writes).toEqual([]);
  });

  test('is made once, after the start, one after the other', async () => {
    const vf = await started({ RequestMacAddress: MAC, RequestMtu: '9000' });
    expect(vf.pf.writes).toEqual([]);
    await vf.clock.advance(1_000_000);
    const written = vf.pf.writes.map(({ blockId, data }) => [
      blockId,
      Buffer.from(data).toString('hex'),
    ]);
    expect(written).toEqual([
      [16, SET_MAC],
      [16, SET_MTU],
    ]);
    expect(vf.logged.lines).toEqual([
      { level: 'info', msg: 'mailbox request granted', kind: 'setMacAddress', value: MAC },
      { level: 'info', msg: 'mailbox request granted', kind: 'setMtu', value: 9000 },
    ]);
  });

  test('is not made after a halt', async () => {
    const vf = await started({ RequestMacAddress: MAC, RequestMtu: '9000' });
    const halted = deferred<void>();
    vf.pf.answerWrite = async () => {
      await halted.promise;
      return NDIS_STATUS.NDIS_STATUS_SUCCESS;
    };
    await vf.clock.advance(0);
    const halt = vf.halt();
    halted.resolve();
    await halt;
    expect(vf.pf.writes).toHaveLength(1);
  });
});
