import { describe, expect, test } from 'vitest';
import type { VfAdapter, VfMiniportFactory } from '#guest/ndis/vf-miniport.ts';
import { type ConfigBlockVf, configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { createHvVhcaVf } from '#guest/vf-miniport/hv-vhca/index.ts';
import referenceVf from '#guest/vf-miniport/reference/index.ts';
import hvVhcaPf from '#host/pf-miniport/hv-vhca/index.ts';
import referencePf from '#host/pf-miniport/reference/index.ts';
import { NDIS_DEVICE_POWER_STATE } from '#shared/ndis/device-power-state.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { setPeriodicTimer } from '#shared/time/clock.ts';
import { allCounters } from '#test/guest/vf-miniport/hv-vhca/commanded-vf.ts';
import { ContractError, vfMiniportContract } from '#test/testing.ts';

const { NdisDeviceStateD3 } = NDIS_DEVICE_POWER_STATE;

/** The rules that a VF miniport breaks, in one text. */
async function brokenBy(
  factory: VfMiniportFactory,
  options: Parameters<typeof vfMiniportContract>[1] = {},
): Promise<string> {
  try {
    await vfMiniportContract(factory, { patienceMs: 10, ...options });
    return '';
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    return error.message;
  }
}

/** A miniport in terms of blocks, which reads the first when it starts. */
function vfThat(driver: (adapter: VfAdapter) => Partial<ConfigBlockVf>): VfMiniportFactory {
  return (adapter) => configBlockVf({ invalidated: () => {}, ...driver(adapter) });
}

async function read(adapter: VfAdapter): Promise<void> {
  await adapter.ndisMReadConfigBlock(0, new Uint8Array(1), 1);
}

/** Reads every minute, until it is halted; while it sleeps too, unless it `pauses`. */
function polling(pauses: boolean): VfMiniportFactory {
  return vfThat((adapter) => {
    let isAwake = true;
    const start = () =>
      setPeriodicTimer(adapter.clock, 60_000, () => {
        if (isAwake || !pauses) adapter.ndisQueueIoWorkItem(() => read(adapter));
      });
    let timer: ReturnType<typeof start> | undefined;
    return {
      initialize: () => {
        timer = start();
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      setPower: (state) => {
        isAwake = state !== NdisDeviceStateD3;
      },
      halt: () => timer?.cancel(),
    };
  });
}

describe('the contract of a VF miniport whose guest sleeps is kept', () => {
  const counting = createHvVhcaVf({ readCounters: async () => allCounters(4n) });
  test.each<[string, VfMiniportFactory, Parameters<typeof vfMiniportContract>[1]]>([
    ['one that does nothing for it', vfThat(() => ({})), {}],
    ['one that stops its work for the time', polling(true), {}],
    [
      'one that does not know the OID',
      (adapter) => {
        const miniport = vfThat(() => ({}))(adapter);
        return {
          ...miniport,
          miniportOidRequest: (request) =>
            request.oid === OID.OID_PNP_SET_POWER
              ? NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED
              : miniport.miniportOidRequest(request),
        };
      },
      {},
    ],
    ['the reference NIC', referenceVf, { pf: referencePf }],
    ['hv_vhca', counting, { pf: hvVhcaPf }],
  ])('by %s', async (_what, factory, options) => {
    expect(await brokenBy(factory, { patienceMs: 2_000, ...options })).toBe('');
  });
});

describe('the contract of a VF miniport whose guest sleeps is broken', () => {
  test.each<[string, VfMiniportFactory, RegExp]>([
    [
      'refuses to sleep',
      vfThat(() => ({ setPower: () => Promise.reject(new Error('not now')) })),
      /OID_PNP_SET_POWER to D3, and back to D0: /,
    ],
    [
      'never completes the OID',
      vfThat(() => ({ setPower: () => new Promise<void>(() => {}) })),
      /OID_PNP_SET_POWER to D3, and back to D0: OID_PNP_SET_POWER does not come to an end/,
    ],
    [
      'goes on with its work in D3',
      polling(false),
      /in D3 it reads and writes no block: NdisMReadConfigBlock came while the device was in D3/,
    ],
    [
      'takes nothing any more that changes after it slept',
      vfThat(() => {
        let hasSlept = false;
        return {
          setPower: () => {
            hasSlept = true;
          },
          invalidated: () => {
            if (hasSlept) throw new Error('lost my place');
          },
        };
      }),
      /back in D0 it takes what has changed in D3: /,
    ],
    [
      'waits in D0 for a read that fails',
      vfThat((adapter) => ({
        setPower: async (state) => {
          if (state === NdisDeviceStateD3) return;
          const status = await adapter.ndisMReadConfigBlock(0, new Uint8Array(1), 1);
          if (status !== NDIS_STATUS.NDIS_STATUS_SUCCESS) await new Promise(() => {});
        },
      })),
      /wakes though no read or write succeeds: /,
    ],
    [
      'leaves the timer that is to wake it',
      vfThat((adapter) => ({
        setPower: (state) => {
          if (state === NdisDeviceStateD3) adapter.clock.setTimer(1_000_000, () => {});
        },
      })),
      /after MiniportHaltEx in D3 it has no timer, and calls NDIS no more: 1 timers are still set/,
    ],
  ])('by one that %s', async (_what, factory, broken) => {
    expect(await brokenBy(factory)).toMatch(broken);
  });
});
