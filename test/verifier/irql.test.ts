import { describe, test } from 'vitest';
import type { PfAdapter } from '#host/ndis/pf-miniport.ts';
import { NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES } from '#shared/ndis/miniport-attributes.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { newSriovCapabilities } from '#shared/ndis/sriov-capabilities.ts';
import { IRQL } from '#shared/nt/irql.ts';
import { LegacyVf } from '#test/support/legacy-vf.ts';
import { besides, completesLater, onInvalidation, onRead, TO_PF, TO_VF } from './drivers.ts';
import {
  type Case,
  checkPfCase,
  checkVfCase,
  type PfDriver,
  titled,
  type VfDriver,
} from './verified.ts';

const { NDIS_STATUS_SUCCESS } = NDIS_STATUS;
const { PASSIVE_LEVEL, APC_LEVEL, DISPATCH_LEVEL, HIGH_LEVEL } = IRQL;

const ATTRIBUTES = {
  type: NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES,
  hardwareSriovCapabilities: newSriovCapabilities(3),
  currentSriovCapabilities: newSriovCapabilities(3),
} as const;

/** Calls at HIGH_LEVEL. */
function atHigh(adapter: PfAdapter, call: () => void): void {
  const before = adapter.keRaiseIrql(HIGH_LEVEL);
  call();
  adapter.keLowerIrql(before);
}

const VF_CASES: readonly Case<VfDriver>[] = [
  {
    id: 'irql.callback-does-not-wait',
    breaks: legacy((adapter) => {
      void adapter.ndisMReadConfigBlock(0, new Uint8Array(1), 1);
    }),
    keeps: legacy((adapter) =>
      adapter.ndisQueueIoWorkItem(async () => {
        await adapter.ndisMReadConfigBlock(0, new Uint8Array(1), 1);
      }),
    ),
    what: /^NdisMReadConfigBlock was called at DISPATCH_LEVEL$/,
    hops: ['vfIoCompleteRequest', 'ndisMReadConfigBlock'],
  },
  {
    id: 'irql.config-block',
    how: 'in a timer',
    breaks: onInvalidation((adapter) => {
      adapter.clock.setTimer(10, () => {
        void adapter.ndisMReadConfigBlock(5, new Uint8Array(16), 16);
      });
    }),
    keeps: onInvalidation((adapter) => {
      adapter.clock.setTimer(10, () => {
        adapter.ndisQueueIoWorkItem(async () => {
          await adapter.ndisMReadConfigBlock(5, new Uint8Array(16), 16);
        });
      });
    }),
    what: /^NdisMReadConfigBlock was called at DISPATCH_LEVEL$/,
    hops: ['ndisMReadConfigBlock'],
  },
  {
    id: 'irql.config-block',
    how: 'with a raised IRQL',
    breaks: onInvalidation((adapter) => {
      const before = adapter.keRaiseIrql(DISPATCH_LEVEL);
      void adapter.ndisMWriteConfigBlock(5, new Uint8Array(1), 1);
      adapter.keLowerIrql(before);
    }),
    keeps: onInvalidation((adapter) => {
      const before = adapter.keRaiseIrql(APC_LEVEL);
      void adapter.ndisMWriteConfigBlock(5, new Uint8Array(1), 1);
      adapter.keLowerIrql(before);
    }),
    what: /^NdisMWriteConfigBlock was called at DISPATCH_LEVEL$/,
    hops: [...TO_VF, 'ndisMWriteConfigBlock'],
  },
];

/** A driver from before NDIS 6.30, which does something when it learns of an invalidation. */
function legacy(onMask: LegacyVf['onMask']): VfDriver {
  return (adapter) => {
    const vf = new LegacyVf({ majorNdisVersion: 6, minorNdisVersion: 20 });
    vf.onMask = onMask;
    return vf.factory(adapter);
  };
}

const PF_CASES: readonly Case<PfDriver>[] = [
  {
    id: 'irql.set-miniport-attributes',
    breaks: (adapter) => ({
      miniportInitializeEx() {
        const before = adapter.keRaiseIrql(DISPATCH_LEVEL);
        adapter.ndisMSetMiniportAttributes(ATTRIBUTES);
        adapter.keLowerIrql(before);
        return NDIS_STATUS_SUCCESS;
      },
    }),
    keeps: (adapter) => ({
      miniportInitializeEx() {
        adapter.ndisMSetMiniportAttributes(ATTRIBUTES);
        return NDIS_STATUS_SUCCESS;
      },
    }),
    what: /^NdisMSetMiniportAttributes was called at DISPATCH_LEVEL$/,
    hops: ['pfMiniportInitializeEx'],
  },
  {
    id: 'irql.virtual-functions',
    how: 'with a function for PASSIVE_LEVEL',
    breaks: besides((adapter) => {
      adapter.clock.setTimer(1, () => void adapter.ndisMGetVirtualFunctionLocation(0));
    }),
    keeps: besides((adapter) => void adapter.ndisMGetVirtualFunctionLocation(0)),
    what: /^NdisMGetVirtualFunctionLocation was called at DISPATCH_LEVEL$/,
    hops: ['pfVirtualFunctionCall'],
  },
  {
    id: 'irql.virtual-functions',
    how: 'with a function for DISPATCH_LEVEL',
    breaks: besides((adapter) =>
      atHigh(
        adapter,
        () => void adapter.ndisMGetVirtualFunctionBusData(0, new Uint8Array(4), 0, 4),
      ),
    ),
    keeps: besides((adapter) => {
      adapter.clock.setTimer(1, () => {
        adapter.ndisMGetVirtualFunctionBusData(0, new Uint8Array(4), 0, 4);
      });
    }),
    what: /^NdisMGetVirtualFunctionBusData was called at HIGH_LEVEL$/,
    hops: [...TO_PF, 'pfVirtualFunctionCall'],
  },
  {
    id: 'irql.invalidate-config-block',
    breaks: besides((adapter) => atHigh(adapter, () => adapter.ndisMInvalidateConfigBlock(9, 2n))),
    keeps: besides((adapter) => {
      adapter.clock.setTimer(1, () => adapter.ndisMInvalidateConfigBlock(9, 2n));
    }),
    what: /^NdisMInvalidateConfigBlock was called at HIGH_LEVEL$/,
    hops: [...TO_PF, 'ndisMInvalidateConfigBlock'],
    scene: async ({ world, vf }) => {
      await vf.current.read(0, 16);
      await world.clock.advance(10);
    },
  },
  {
    id: 'irql.oid-request-complete',
    breaks: completesLater((adapter, request, status) =>
      atHigh(adapter, () => adapter.ndisMOidRequestComplete(request, status)),
    ),
    keeps: completesLater((adapter, request, status) =>
      adapter.ndisMOidRequestComplete(request, status),
    ),
    what: /^NdisMOidRequestComplete was called at HIGH_LEVEL$/,
    hops: ['pfMiniportOidRequestComplete'],
  },
  {
    id: 'irql.queue-io-work-item',
    breaks: besides((adapter) => atHigh(adapter, () => adapter.ndisQueueIoWorkItem(() => {}))),
    keeps: besides((adapter) => {
      adapter.clock.setTimer(1, () => adapter.ndisQueueIoWorkItem(() => {}));
    }),
    what: /^NdisQueueIoWorkItem was called at HIGH_LEVEL$/,
    hops: TO_PF,
  },
  {
    id: 'irql.raise-and-lower',
    how: 'with KeRaiseIrql',
    breaks: besides((adapter) => {
      adapter.clock.setTimer(1, () => void adapter.keRaiseIrql(PASSIVE_LEVEL));
    }),
    keeps: besides((adapter) => {
      adapter.clock.setTimer(1, () => void adapter.keRaiseIrql(DISPATCH_LEVEL));
    }),
    what: /^KeRaiseIrql\(PASSIVE_LEVEL\) was called at DISPATCH_LEVEL$/,
    hops: [],
  },
  {
    id: 'irql.raise-and-lower',
    how: 'with KeLowerIrql',
    breaks: besides((adapter) => adapter.keLowerIrql(DISPATCH_LEVEL)),
    keeps: besides((adapter) => adapter.keLowerIrql(adapter.keRaiseIrql(DISPATCH_LEVEL))),
    what: /^KeLowerIrql\(DISPATCH_LEVEL\) was called at PASSIVE_LEVEL$/,
    hops: TO_PF,
  },
  {
    id: 'irql.restored',
    how: 'when it returns',
    breaks: besides((adapter) => void adapter.keRaiseIrql(DISPATCH_LEVEL)),
    keeps: besides((adapter) => adapter.keLowerIrql(adapter.keRaiseIrql(DISPATCH_LEVEL))),
    what: /^MiniportOidRequest was called at PASSIVE_LEVEL and returned at DISPATCH_LEVEL$/,
    hops: TO_PF,
  },
  {
    id: 'irql.restored',
    how: 'when it waits',
    breaks: onRead(async (adapter, request, ordinary) => {
      await undefined;
      adapter.keRaiseIrql(DISPATCH_LEVEL);
      return ordinary.miniportOidRequest(request);
    }),
    keeps: onRead(async (adapter, request, ordinary) => {
      await undefined;
      adapter.keLowerIrql(adapter.keRaiseIrql(DISPATCH_LEVEL));
      return ordinary.miniportOidRequest(request);
    }),
    what: /^KeRaiseIrql\(DISPATCH_LEVEL\) was not undone before it waited or returned$/,
    hops: [],
  },
];

describe('a driver is told of a call above the IRQL of its page, with the level and the rule [irql.traced]', () => {
  test.each(titled(VF_CASES))('VF: $title [irql.read-and-write-config-block]', checkVfCase);

  test.each(titled(PF_CASES))(
    'PF: $title [irql.invalidate-config-block] [irql.oid-completion-and-cancel]',
    checkPfCase,
  );
});
