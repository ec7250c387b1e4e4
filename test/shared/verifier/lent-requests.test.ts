import { describe, expect, test } from 'vitest';
import { methodRequest, type NdisOidRequest } from '#shared/ndis/oid-request.ts';
import { LentRequests } from '#shared/verifier/lent-requests.ts';
import { newOidRequest } from '#test/contract/oid-requests.ts';
import { turn } from '#test/kit/world/turn.ts';

class Bench {
  readonly touched: string[] = [];
  readonly lent = new LentRequests(({ request }, how) =>
    this.touched.push(`${request.requestId}: ${how}`),
  );
  #lastId = 0;

  /** A request of four bytes, and what the miniport gets instead. */
  lend(): { request: NdisOidRequest; standIn: NdisOidRequest } {
    const parameters = methodRequest(1, Uint8Array.of(1, 2, 3, 4));
    const request = newOidRequest(parameters, { requestId: ++this.#lastId, timeout: 0 });
    return { request, standIn: this.lent.lend(request, []) };
  }
}

describe('a request that is lent to a miniport', () => {
  test('says what it is, and takes what the miniport says, until it is completed', () => {
    const bench = new Bench();
    const { request, standIn } = bench.lend();
    expect([...standIn.informationBuffer]).toEqual([1, 2, 3, 4]);
    standIn.informationBuffer.set([9], 3);
    standIn.bytesWritten = 4;
    expect([...request.informationBuffer]).toEqual([1, 2, 3, 4]);
    bench.lent.takeBack(standIn);
    expect([...request.informationBuffer]).toEqual([1, 2, 3, 9]);
    expect(request.bytesWritten).toBe(4);
    expect(bench.touched).toEqual([]);
  });

  test('has its buffer poisoned, and takes nothing more, once it is completed', () => {
    const bench = new Bench();
    const { request, standIn } = bench.lend();
    const kept = standIn.informationBuffer;
    bench.lent.takeBack(standIn);
    standIn.bytesWritten = 7;
    expect(new Set(kept)).toEqual(new Set([0x6b]));
    expect(request.bytesWritten).toBe(0);
    expect(bench.touched).toEqual(['1: it wrote bytesWritten']);
  });

  test.each<[string, (bench: Bench) => void | Promise<void>]>([
    ['in the next turn', () => turn()],
    ['when the next one is lent', (bench) => void bench.lend()],
  ])('is seen to have been written to afterwards: %s', async (_when, look) => {
    const bench = new Bench();
    const { standIn } = bench.lend();
    const kept = standIn.informationBuffer;
    bench.lent.takeBack(standIn);
    kept[2] = 0;
    await look(bench);
    expect(bench.touched).toEqual(['1: it wrote to the information buffer']);
    await turn();
    expect(bench.touched).toHaveLength(1);
  });

  test('is looked at for as long as few others come after it, and then no more', () => {
    const bench = new Bench();
    const kept: Uint8Array[] = [];
    for (let each = 0; each < 100; each++) {
      const { standIn } = bench.lend();
      kept.push(standIn.informationBuffer);
      bench.lent.takeBack(standIn);
    }
    for (const bytes of kept) bytes.fill(0);
    bench.lent.check();
    expect(bench.touched).toHaveLength(8);
  });

  test('whose buffer the miniport has given away is completed without what was in it', () => {
    const bench = new Bench();
    const { request, standIn } = bench.lend();
    const { buffer } = standIn.informationBuffer;
    if (buffer instanceof ArrayBuffer) structuredClone(buffer, { transfer: [buffer] });
    expect(standIn.informationBuffer.byteLength).toBe(0);
    bench.lent.takeBack(standIn);
    expect([...request.informationBuffer]).toEqual([1, 2, 3, 4]);
  });

  test('keeps its own buffer whatever the miniport would put in its place', () => {
    const bench = new Bench();
    const { request, standIn } = bench.lend();
    Object.assign(standIn, { informationBuffer: new Uint8Array(1) });
    bench.lent.takeBack(standIn);
    expect([...request.informationBuffer]).toEqual([1, 2, 3, 4]);
  });
});
