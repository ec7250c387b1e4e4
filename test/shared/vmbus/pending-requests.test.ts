import { describe, expect, test } from 'vitest';
import { ChannelError } from '#shared/vmbus/channel-error.ts';
import { type PendingRequest, PendingRequests } from '#shared/vmbus/pending-requests.ts';
import { readBlock } from '#shared/wire/block.ts';

function setup(count: number) {
  const pending = new PendingRequests();
  const settled: number[] = [];
  const requests = Array.from({ length: count }, () => {
    const transactionId = pending.nextId();
    const request: PendingRequest = {
      transactionId,
      descriptor: readBlock,
      cause: 0,
      settle: () => settled.push(transactionId),
    };
    pending.add(request);
    return request;
  });
  const remove = (transactionId: number): void => {
    const request = pending.get(transactionId);
    if (request !== undefined) pending.remove(request);
  };
  const ids = (): number[] =>
    requests.map(({ transactionId }) => transactionId).filter((id) => pending.get(id));
  return { pending, requests, settled, remove, ids };
}

const gone = new ChannelError({ code: 1000, reason: 'gone' });

describe('PendingRequests', () => {
  test('finds nothing under an id that was never given, or was taken for no request', () => {
    const { pending } = setup(1);
    expect(pending.get(0)).toBeUndefined();
    expect(pending.get(pending.nextId())).toBeUndefined();
    expect(pending.get(99)).toBeUndefined();
    expect(pending.size).toBe(1);
  });

  test.each([
    { order: [1, 2, 3, 4], name: 'in the order of their sending' },
    { order: [4, 3, 2, 1], name: 'in the opposite order' },
    { order: [2, 4, 1, 3], name: 'in any order' },
  ])('removes requests $name, each of them alone', ({ order }) => {
    const { pending, remove, ids } = setup(4);
    const left = new Set([1, 2, 3, 4]);
    for (const id of order) {
      remove(id);
      left.delete(id);
      expect(ids()).toEqual([...left]);
      expect(pending.size).toBe(left.size);
    }
  });

  test('removes a request once, and takes further ones behind those that are left', () => {
    const { pending, requests, settled, remove } = setup(3);
    const last = requests[2];
    remove(3);
    if (last !== undefined) pending.remove(last);
    expect(pending.size).toBe(2);
    if (last !== undefined) pending.add({ ...last, transactionId: 7 });
    expect(pending.get(7)?.transactionId).toBe(7);
    remove(1);
    remove(2);
    expect(pending.size).toBe(1);
    pending.failAll(gone);
    expect(settled).toEqual([3]);
  });

  test('settles all that wait in the order of their sending, and then none waits', () => {
    const { pending, settled, remove, ids } = setup(4);
    remove(2);
    pending.failAll(gone);
    expect(settled).toEqual([1, 3, 4]);
    expect(ids()).toEqual([]);
    expect(pending.size).toBe(0);
    pending.failAll(gone);
    expect(settled).toEqual([1, 3, 4]);
  });
});
