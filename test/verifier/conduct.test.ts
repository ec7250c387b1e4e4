import { describe, expect, test } from 'vitest';
import type { VfAdapter } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import type { PfAdapter } from '#host/ndis/pf-miniport.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import type { Timer } from '#shared/time/clock.ts';
import { besides, onInvalidation, onRead, TO_PF, TO_VF } from './drivers.ts';
import {
  type Case,
  checkPfCase,
  checkVfCase,
  type PfDriver,
  titled,
  type VfDriver,
} from './verified.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_FAILURE, NDIS_STATUS_PENDING } = NDIS_STATUS;

/** Drivers that share what the author meant to be each VF's own: the adapter that was created last. */
function withAdapterOf(which: 'last' | 'own'): VfDriver {
  let last: VfAdapter | undefined;
  return (own) => {
    last = own;
    return configBlockVf({
      async invalidated() {
        const adapter = which === 'last' ? last : own;
        await adapter?.ndisMReadConfigBlock(0, new Uint8Array(1), 1);
        if (adapter !== own) await own.ndisMReadConfigBlock(0, new Uint8Array(1), 1);
      },
    });
  };
}

/** A PF that answers a write only when the VF has read what the write changed, if it `waits`. */
function acknowledges(waits: boolean): PfDriver {
  let written: NdisOidRequest | undefined;
  return (adapter, ordinary) => ({
    miniportOidRequest(request) {
      if (request.oid === OID.OID_SRIOV_WRITE_VF_CONFIG_BLOCK) {
        const status = ordinary.miniportOidRequest(request);
        adapter.ndisMInvalidateConfigBlock(0, 1n);
        if (!waits) return status;
        written = request;
        return NDIS_STATUS_PENDING;
      }
      if (request.oid === OID.OID_SRIOV_READ_VF_CONFIG_BLOCK && written !== undefined) {
        adapter.ndisMOidRequestComplete(written, NDIS_STATUS_SUCCESS);
        written = undefined;
      }
      return ordinary.miniportOidRequest(request);
    },
  });
}

const PF_CASES: readonly Case<PfDriver>[] = [
  {
    id: 'concurrency.deadlock',
    breaks: acknowledges(true),
    keeps: acknowledges(false),
    what: /^the PF miniport holds OID_SRIOV_WRITE_VF_CONFIG_BLOCK and has invalidated block 0 of VF 0, whose read of it waits behind that request$/,
    hops: ['oidRequest', 'pfMiniportOidRequest', 'ndisMInvalidateConfigBlock', 'oidRequest'],
    breaksToo: ['oid.aborted-with-request-aborted'],
    options: { oidTimeout: 5 },
    scene: async ({ world, vf }) => {
      void vf.current.write(0, new Uint8Array(16));
      await world.clock.advance(20_000);
    },
  },
  {
    id: 'actor.vf-only',
    breaks: besides((adapter) => {
      const other = adapter as unknown as VfAdapter;
      try {
        void other.ndisMReadConfigBlock(0, new Uint8Array(1), 1);
      } catch {
        // As without the verifier: the function is not there.
      }
    }),
    keeps: besides((adapter) => void ('ndisMReadConfigBlock' in adapter)),
    what: /^it called NdisMReadConfigBlock$/,
    hops: TO_PF,
  },
  {
    id: 'actor.vf-only',
    how: 'and lets out what it gets for it',
    breaks: besides((adapter) => {
      void (adapter as unknown as VfAdapter).ndisMReadConfigBlock(0, new Uint8Array(1), 1);
    }),
    keeps: besides(() => {}),
    what: /^it called NdisMReadConfigBlock$/,
    hops: TO_PF,
  },
  {
    id: 'halt.no-completion',
    breaks: (adapter, ordinary) => {
      let last: NdisOidRequest | undefined;
      return {
        miniportOidRequest(request) {
          last = request;
          return ordinary.miniportOidRequest(request);
        },
        miniportHaltEx() {
          setImmediate(() => last && adapter.ndisMOidRequestComplete(last, NDIS_STATUS_SUCCESS));
        },
      };
    },
    keeps: (_adapter, ordinary) => ({
      miniportHaltEx: () => ordinary.miniportHaltEx?.(),
    }),
    what: /^OID_NIC_SWITCH_DELETE_SWITCH: the miniport completed the request again/,
    hops: [...TO_PF, 'pfContractViolated'],
  },
  {
    id: 'driver.no-exception',
    how: 'in a handler',
    breaks: onRead(() => {
      throw new Error('broken');
    }),
    keeps: onRead(() => NDIS_STATUS.NDIS_STATUS_FAILURE),
    what: /^OID_SRIOV_READ_VF_CONFIG_BLOCK: the miniport threw: broken$/,
    hops: [...TO_PF, 'pfContractViolated'],
  },
  {
    id: 'driver.no-exception',
    how: 'in a timer',
    breaks: besides((adapter) => {
      adapter.clock.setTimer(1, () => {
        throw new Error('broken');
      });
    }),
    keeps: besides((adapter) => void adapter.clock.setTimer(1, () => {})),
    what: /^a timer threw: broken$/,
    hops: [],
  },
  {
    id: 'driver.no-exception',
    how: 'in a work item',
    breaks: besides((adapter) => {
      adapter.ndisQueueIoWorkItem(async () => {
        throw new Error('broken');
      });
    }),
    keeps: besides((adapter) => adapter.ndisQueueIoWorkItem(async () => {})),
    what: /^a work item threw: broken$/,
    hops: TO_PF,
  },
];

const VF_CASES: readonly Case<VfDriver>[] = [
  {
    id: 'actor.pf-only',
    breaks: onInvalidation((adapter) => {
      const other = adapter as unknown as PfAdapter;
      expect(() => other.ndisMInvalidateConfigBlock(1, 1n)).toThrow('is not a function');
    }),
    keeps: onInvalidation((adapter) => {
      expect('ndisMInvalidateConfigBlock' in adapter).toBe(false);
    }),
    what: /^it called NdisMInvalidateConfigBlock$/,
    hops: TO_VF,
  },
  {
    id: 'actor.pf-only',
    how: 'and lets out what it gets for it',
    breaks: (adapter) =>
      configBlockVf({
        async invalidated() {
          await adapter.ndisMReadConfigBlock(0, new Uint8Array(1), 1);
          (adapter as unknown as PfAdapter).ndisMInvalidateConfigBlock(1, 1n);
        },
      }),
    keeps: onInvalidation(() => {}),
    what: /^it called NdisMInvalidateConfigBlock$/,
    hops: [],
  },
  {
    id: 'actor.own-adapter',
    breaks: withAdapterOf('last'),
    keeps: withAdapterOf('own'),
    what: /^a routine of it called NdisMReadConfigBlock with the adapter of VF miniport g1\/1$/,
    hops: [...TO_VF, 'ndisMReadConfigBlock'],
    options: { vfs: 2 },
  },
  {
    id: 'invalidation.is-read',
    how: 'before it is halted',
    breaks: () => configBlockVf({ invalidated: () => {} }),
    keeps: onInvalidation(() => {}),
    what: /^it was told of invalid blocks, mask 0x1, and has read none of them for 2 s$/,
    hops: TO_VF,
  },
  {
    id: 'invalidation.is-read',
    how: 'within 30 seconds',
    breaks: (adapter) =>
      configBlockVf({
        async invalidated() {
          await adapter.ndisMReadConfigBlock(4, new Uint8Array(1), 1);
        },
      }),
    keeps: (adapter) =>
      configBlockVf({
        async invalidated() {
          await adapter.ndisMReadConfigBlock(5, new Uint8Array(1), 1);
        },
      }),
    what: /mask 0x28, and has read none of them for 40 s$/,
    hops: TO_VF,
    scene: async ({ world, pf }) => {
      pf.invalidate(0, 0x8n);
      await world.settled();
      pf.invalidate(0, 0x20n);
      await world.clock.advance(40_000);
      pf.invalidate(9, 1n);
      await world.clock.advance(10_000);
    },
  },
  {
    id: 'halt.no-call',
    how: 'after MiniportHaltEx',
    breaks: (adapter, ordinary) => ({
      miniportHaltEx: async (action) => {
        await ordinary.miniportHaltEx?.(action);
        setImmediate(() => void adapter.ndisMReadConfigBlock(0, new Uint8Array(1), 1));
      },
    }),
    keeps: (adapter, ordinary) => ({
      miniportHaltEx: async (action) => {
        await ordinary.miniportHaltEx?.(action);
        await adapter.ndisMReadConfigBlock(0, new Uint8Array(1), 1);
      },
    }),
    what: /^NdisMReadConfigBlock was called after MiniportHaltEx had returned$/,
    hops: ['ndisMReadConfigBlock'],
  },
  {
    id: 'halt.no-call',
    how: 'after MiniportInitializeEx',
    breaks: (adapter) => ({
      miniportInitializeEx: () => {
        setImmediate(() => adapter.ndisQueueIoWorkItem(() => {}));
        return NDIS_STATUS_FAILURE;
      },
    }),
    keeps: (adapter) => ({
      miniportInitializeEx: () => {
        adapter.ndisQueueIoWorkItem(() => {});
        return NDIS_STATUS_FAILURE;
      },
    }),
    what: /^NdisQueueIoWorkItem was called after MiniportInitializeEx had failed$/,
    hops: [],
  },
  {
    id: 'halt.no-timer',
    breaks: (adapter) => ({
      miniportInitializeEx: () => {
        adapter.clock.setTimer(3_000, () => {});
        return NDIS_STATUS_SUCCESS;
      },
    }),
    keeps: (adapter) => {
      let timer: Timer | undefined;
      return {
        miniportInitializeEx: () => {
          timer = adapter.clock.setTimer(3_000, () => {});
          return NDIS_STATUS_SUCCESS;
        },
        miniportHaltEx: () => timer?.cancel(),
      };
    },
    what: /^a timer fired after MiniportHaltEx had returned$/,
    hops: ['vfMiniportHaltEx'],
  },
];

describe('a driver is told what it must not call, leave behind, wait for or let out', () => {
  test.each(titled(PF_CASES))('PF: $title', checkPfCase);

  test.each(titled(VF_CASES))('VF: $title', checkVfCase);
});
