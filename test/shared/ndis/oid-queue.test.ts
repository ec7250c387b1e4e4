import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { type OidAnswer, OidQueue, type OidViolation } from '#shared/ndis/oid-queue.ts';
import { type NdisOidRequest, setRequest } from '#shared/ndis/oid-request.ts';
import { ManualClock } from '#test/kit/world/manual-clock.ts';
import { turn } from '#test/kit/world/turn.ts';

const {
  NDIS_STATUS_SUCCESS,
  NDIS_STATUS_PENDING,
  NDIS_STATUS_FAILURE,
  NDIS_STATUS_REQUEST_ABORTED,
  NDIS_STATUS_NOT_ACCEPTED,
} = NDIS_STATUS;

function newRequest(requestId: number, timeout = 10): NdisOidRequest {
  return {
    ...setRequest(OID.OID_SRIOV_RESET_VF, new Uint8Array(6)),
    requestId,
    timeout,
    bytesWritten: 0,
    bytesRead: 0,
    bytesNeeded: 0,
    supportedRevision: 0,
    cause: 0,
    origin: undefined,
  };
}

/** A queue over a miniport that answers what a test tells it to. */
class Bench {
  readonly clock = new ManualClock();
  /** Ids of the requests that were delivered, in order. */
  readonly delivered: number[] = [];
  /** Id and status of the requests that were completed to their issuer, in order. */
  readonly completions: (readonly [number, NdisStatus])[] = [];
  readonly violations: OidViolation['rule'][] = [];
  readonly cancelled: number[] = [];
  /** Ids of the requests that were told to wait, in order. */
  readonly queued: number[] = [];
  readonly queue: OidQueue;
  /** What the miniport answers. */
  answer: (request: NdisOidRequest) => OidAnswer = () => NDIS_STATUS_SUCCESS;
  onCancel: (requestId: number) => void = () => {};
  #lastId = 0;

  constructor() {
    const target = {
      miniportOidRequest: (request: NdisOidRequest) => {
        this.delivered.push(request.requestId);
        return this.answer(request);
      },
      miniportCancelOidRequest: (requestId: number) => {
        this.cancelled.push(requestId);
        this.onCancel(requestId);
      },
    };
    this.queue = new OidQueue(target, this.clock, {
      queued: ({ requestId }) => this.queued.push(requestId),
      delivering: () => {},
      completed: () => {},
      violated: (_request, violation) => this.violations.push(violation.rule),
    });
  }

  issue(timeout?: number, then: () => void = () => {}): NdisOidRequest {
    const request = newRequest(++this.#lastId, timeout);
    this.queue.issue(request, (status) => {
      this.completions.push([request.requestId, status]);
      then();
    });
    return request;
  }

  complete(request: NdisOidRequest, status: NdisStatus = NDIS_STATUS_SUCCESS): void {
    this.queue.ndisMOidRequestComplete(request, status);
  }
}

describe('a miniport that breaks the OID contract', () => {
  test.each([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    [
      'throws what cannot be printed',
      () => {
        throw Object.create(null);
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
  ] satisfies [string, () => OidAnswer][])(
    'and %s fails that request alone, and is reported [pf-oid.failure] [vf-oid.failure]',
    async (_how, answer) => {
      const bench = new Bench();
      bench.answer = answer;
      bench.issue();
      await turn();
      expect(bench.completions).toEqual([[1, NDIS_STATUS_FAILURE]]);
      expect(bench.violations).toEqual(['threw']);
      bench.answer = () => NDIS_STATUS_SUCCESS;
      bench.issue();
      expect(bench.completions.at(-1)).toEqual([2, NDIS_STATUS_SUCCESS]);
    },
  );

  test.each([
    undefined,
    null,
    'NDIS_STATUS_SUCCESS',
    1.5,
    Number.NaN,
    2 ** 32,
    -(2 ** 31) - 1,
    {},
    [],
    0n,
    Symbol('status'),
  ])('and answers %s, which is no 32-bit number, fails that request, and is reported', (answer) => {
    const bench = new Bench();
    bench.answer = () => answer as unknown as NdisStatus;
    bench.issue();
    expect(bench.completions).toEqual([[1, NDIS_STATUS_FAILURE]]);
    expect(bench.violations).toEqual(['not-a-status']);
  });

  test('and completes twice completes once, and is reported [pf-oid.pending]', () => {
    const bench = new Bench();
    bench.answer = () => NDIS_STATUS_PENDING;
    const request = bench.issue();
    bench.complete(request);
    bench.complete(request, NDIS_STATUS_FAILURE);
    expect(bench.completions).toEqual([[1, NDIS_STATUS_SUCCESS]]);
    expect(bench.violations).toEqual(['completed-twice']);
  });

  test('and completes inside its handler, and returns a status as well, is reported', () => {
    const bench = new Bench();
    bench.answer = (request) => {
      bench.complete(request);
      return NDIS_STATUS_FAILURE;
    };
    bench.issue();
    expect(bench.completions).toEqual([[1, NDIS_STATUS_SUCCESS]]);
    expect(bench.violations).toEqual(['completed-twice']);
  });

  test('and completes a request whose promise then gives a status is reported', async () => {
    const bench = new Bench();
    bench.answer = async (request) => {
      bench.complete(request);
      return NDIS_STATUS_SUCCESS;
    };
    bench.issue();
    await turn();
    expect(bench.completions).toEqual([[1, NDIS_STATUS_SUCCESS]]);
    expect(bench.violations).toEqual(['completed-twice']);
  });

  test('and completes an old request does not complete the one it holds', () => {
    const bench = new Bench();
    bench.answer = () => NDIS_STATUS_PENDING;
    const old = bench.issue();
    bench.complete(old);
    bench.issue();
    bench.complete(old);
    expect(bench.completions).toEqual([[1, NDIS_STATUS_SUCCESS]]);
    expect(bench.queue.outstanding).toBe(1);
  });

  test('and completes a request that it never had is reported', () => {
    const bench = new Bench();
    bench.complete(newRequest(1));
    expect(bench.violations).toEqual(['completed-twice']);
    expect(bench.completions).toEqual([]);
  });

  test('and completes with NDIS_STATUS_PENDING fails that request, and is reported [pf-oid.pending]', () => {
    const bench = new Bench();
    bench.answer = () => NDIS_STATUS_PENDING;
    bench.complete(bench.issue(), NDIS_STATUS_PENDING);
    expect(bench.completions).toEqual([[1, NDIS_STATUS_FAILURE]]);
    expect(bench.violations).toEqual(['completed-with-pending']);
  });
});

describe('the timeout of an OID request', () => {
  test('cancels it, aborts it, and lets the next one through [concurrency.cancel-is-not-obeyed]', async () => {
    const bench = new Bench();
    bench.answer = ({ requestId }) => (requestId === 1 ? NDIS_STATUS_PENDING : NDIS_STATUS_SUCCESS);
    bench.issue(10);
    bench.issue(10);
    await bench.clock.advance(9_999);
    expect(bench.completions).toEqual([]);
    await bench.clock.advance(1);
    expect(bench.cancelled).toEqual([1]);
    expect(bench.completions).toEqual([
      [1, NDIS_STATUS_REQUEST_ABORTED],
      [2, NDIS_STATUS_SUCCESS],
    ]);
    expect(bench.violations).toEqual(['timed-out']);
  });

  test('holds for a promise that does not settle', async () => {
    const bench = new Bench();
    bench.answer = () => new Promise(() => {});
    bench.issue(10);
    await bench.clock.advance(10_000);
    expect(bench.completions).toEqual([[1, NDIS_STATUS_REQUEST_ABORTED]]);
  });

  test('takes the completion that MiniportCancelOidRequest makes [concurrency.timeout-cancels]', async () => {
    const bench = new Bench();
    bench.answer = () => NDIS_STATUS_PENDING;
    const request = bench.issue(10);
    bench.onCancel = () => bench.complete(request, NDIS_STATUS_REQUEST_ABORTED);
    await bench.clock.advance(10_000);
    expect(bench.completions).toEqual([[1, NDIS_STATUS_REQUEST_ABORTED]]);
    expect(bench.violations).toEqual(['timed-out']);
  });

  test('aborts a request whose MiniportCancelOidRequest throws', async () => {
    const bench = new Bench();
    bench.answer = () => NDIS_STATUS_PENDING;
    bench.onCancel = () => {
      throw new Error('broken');
    };
    bench.issue(10);
    await bench.clock.advance(10_000);
    expect(bench.completions).toEqual([[1, NDIS_STATUS_REQUEST_ABORTED]]);
    expect(bench.violations).toEqual(['timed-out', 'threw']);
  });

  test('a completion after it is ignored, and reported as late [concurrency.late-completion]', async () => {
    const bench = new Bench();
    bench.answer = () => NDIS_STATUS_PENDING;
    const request = bench.issue(10);
    await bench.clock.advance(10_000);
    bench.complete(request);
    expect(bench.completions).toEqual([[1, NDIS_STATUS_REQUEST_ABORTED]]);
    expect(bench.violations).toEqual(['timed-out', 'completed-late']);
  });

  test('a promise that settles after it is ignored, and reported as late', async () => {
    const bench = new Bench();
    let settle: (status: NdisStatus) => void = () => {};
    bench.answer = () =>
      new Promise((resolve) => {
        settle = resolve;
      });
    bench.issue(10);
    await bench.clock.advance(10_000);
    settle(NDIS_STATUS_SUCCESS);
    await turn();
    expect(bench.completions).toEqual([[1, NDIS_STATUS_REQUEST_ABORTED]]);
    expect(bench.violations).toEqual(['timed-out', 'completed-late']);
  });

  test('counts from the delivery, not from the time in the queue', async () => {
    const bench = new Bench();
    bench.answer = () => NDIS_STATUS_PENDING;
    const first = bench.issue(10);
    bench.issue(10);
    await bench.clock.advance(9_000);
    bench.complete(first);
    await bench.clock.advance(9_999);
    expect(bench.completions).toEqual([[1, NDIS_STATUS_SUCCESS]]);
    await bench.clock.advance(1);
    expect(bench.completions.at(-1)).toEqual([2, NDIS_STATUS_REQUEST_ABORTED]);
  });

  test('of 0 waits for ever [concurrency.timeout-in-seconds]', async () => {
    const bench = new Bench();
    bench.answer = () => NDIS_STATUS_PENDING;
    bench.issue(0);
    expect(bench.clock.timers).toBe(0);
    await bench.clock.advance(1e9);
    expect(bench.completions).toEqual([]);
  });

  test('leaves no timer behind a request that was completed', async () => {
    const bench = new Bench();
    bench.answer = () => NDIS_STATUS_PENDING;
    bench.complete(bench.issue(10));
    bench.answer = async () => NDIS_STATUS_SUCCESS;
    bench.issue(10);
    await turn();
    expect(bench.clock.timers).toBe(0);
  });
});

describe('the OID queue', () => {
  test('delivers one request at a time, first in, first out [concurrency.one-oid-per-adapter] [concurrency.first-in-first-out]', () => {
    const bench = new Bench();
    bench.answer = () => NDIS_STATUS_PENDING;
    const requests = [bench.issue(), bench.issue(), bench.issue()];
    expect(bench.delivered).toEqual([1]);
    expect(bench.queued).toEqual([2, 3]);
    expect(bench.queue.outstanding).toBe(3);
    for (const request of requests) bench.complete(request);
    expect(bench.delivered).toEqual([1, 2, 3]);
    expect(bench.completions.map(([id]) => id)).toEqual([1, 2, 3]);
    expect(bench.queue.outstanding).toBe(0);
  });

  test('a promise is a call that has not returned: the next request waits for it', async () => {
    const bench = new Bench();
    let settle: (status: NdisStatus) => void = () => {};
    bench.answer = () =>
      new Promise((resolve) => {
        settle = resolve;
      });
    bench.issue();
    bench.issue();
    await turn();
    expect(bench.delivered).toEqual([1]);
    settle(NDIS_STATUS_SUCCESS);
    await turn();
    expect(bench.delivered).toEqual([1, 2]);
  });

  test('a promise of NDIS_STATUS_PENDING is completed later', async () => {
    const bench = new Bench();
    bench.answer = async () => NDIS_STATUS_PENDING;
    const request = bench.issue();
    await turn();
    expect(bench.completions).toEqual([]);
    bench.complete(request);
    expect(bench.completions).toEqual([[1, NDIS_STATUS_SUCCESS]]);
    expect(bench.violations).toEqual([]);
  });

  test('a request may be completed inside its handler, which then returns NDIS_STATUS_PENDING', () => {
    const bench = new Bench();
    bench.answer = (request) => {
      bench.complete(request);
      return NDIS_STATUS_PENDING;
    };
    bench.issue();
    expect(bench.completions).toEqual([[1, NDIS_STATUS_SUCCESS]]);
    expect(bench.violations).toEqual([]);
    expect(bench.clock.timers).toBe(0);
  });

  test('a status keeps its value, and a signed one is read as unsigned [status.unsigned]', () => {
    const bench = new Bench();
    bench.answer = () => 0xc0011234 | 0;
    bench.issue();
    bench.answer = () => NDIS_STATUS_NOT_ACCEPTED;
    bench.issue();
    expect(bench.completions).toEqual([
      [1, 0xc0011234],
      [2, NDIS_STATUS_NOT_ACCEPTED],
    ]);
  });

  test('a request issued inside a completion waits its turn, and the stack does not grow', () => {
    const bench = new Bench();
    let left = 20_000;
    const again = (): void => {
      if (left-- > 0) bench.issue(10, again);
    };
    bench.issue(10, again);
    expect(bench.completions).toHaveLength(20_001);
  });

  test('20,000 requests that wait are all delivered when the one before them ends', () => {
    const bench = new Bench();
    bench.answer = () => NDIS_STATUS_PENDING;
    const first = bench.issue();
    for (let each = 0; each < 20_000; each++) bench.issue();
    bench.answer = () => NDIS_STATUS_SUCCESS;
    bench.complete(first);
    expect(bench.completions).toHaveLength(20_001);
    expect(bench.queue.outstanding).toBe(0);
  });

  test('close waits for what is outstanding, and what comes later is not accepted [teardown.not-accepted]', async () => {
    const bench = new Bench();
    bench.answer = () => NDIS_STATUS_PENDING;
    const requests = [bench.issue(), bench.issue()];
    let closed = false;
    const closing = bench.queue.close().then(() => {
      closed = true;
    });
    bench.issue();
    expect(bench.completions).toEqual([[3, NDIS_STATUS_NOT_ACCEPTED]]);
    for (const request of requests) {
      await turn();
      expect(closed).toBe(false);
      bench.complete(request);
    }
    await closing;
    expect(bench.delivered).toEqual([1, 2]);
  });

  test('close of an idle queue returns at once', async () => {
    await new Bench().queue.close();
  });

  test('whatever a miniport does, every request completes once and in order', async () => {
    const deed = fc.constantFrom(
      'at-once',
      'promise',
      'pending',
      'throws',
      'rejects',
      'inside',
      'never',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { maxLength: 20 }), fc.boolean(), async (deeds, together) => {
        const bench = new Bench();
        const pending: NdisOidRequest[] = [];
        bench.answer = (request) => {
          switch (deeds[request.requestId - 1]) {
            case 'promise':
              return Promise.resolve(NDIS_STATUS_SUCCESS);
            case 'pending':
              pending.push(request);
              return NDIS_STATUS_PENDING;
            case 'throws':
              throw new Error('broken');
            case 'rejects':
              return Promise.reject(new Error('broken'));
            case 'inside':
              bench.complete(request);
              return NDIS_STATUS_PENDING;
            case 'never':
              return NDIS_STATUS_PENDING;
            default:
              return NDIS_STATUS_SUCCESS;
          }
        };
        for (const _ of deeds) {
          bench.issue(1);
          if (!together) await turn();
        }
        while (bench.queue.outstanding > 0) {
          await turn();
          const request = pending.shift();
          if (request === undefined) await bench.clock.advance(1_000);
          else bench.complete(request);
        }
        const ids = deeds.map((_, index) => index + 1);
        expect(bench.delivered).toEqual(ids);
        expect(bench.completions.map(([id]) => id)).toEqual(ids);
        expect(bench.clock.timers).toBe(0);
      }),
      { numRuns: 100, seed: 1 },
    );
  });
});
