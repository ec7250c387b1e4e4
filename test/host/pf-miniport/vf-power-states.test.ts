import { describe, expect, test } from 'vitest';
import { virtualFunctionsOf } from '#host/ndis/pf-virtual-functions.ts';
import {
  newSetVfPowerStateParameters,
  type VfPowerStateParameters,
} from '#host/ndis/vf-power-state-parameters.ts';
import { SriovDevice } from '#host/pci/sriov-device.ts';
import { NicSwitch } from '#host/pf-miniport/nic-switch.ts';
import {
  allocateVf,
  createSwitch,
  freeVf,
  resetVf,
  setVfPowerState,
} from '#host/virtualization-stack/vf-oids.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import type { NdisOidRequest, OidRequestParameters } from '#shared/ndis/oid-request.ts';
import { newOidRequest } from '#test/contract/oid-requests.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_INVALID_PARAMETER, NDIS_STATUS_INVALID_LENGTH } =
  NDIS_STATUS;
const ORIGIN = { device: 'g1/0', generation: 1 };
const VF = {
  vmName: 'g1',
  vmFriendlyName: 'g1',
  nicName: 'g1--0',
  permanentMacAddress: new Uint8Array(6),
  currentMacAddress: new Uint8Array(6),
};
const D0 = 1;
const D3 = 4;

/** A NIC switch with two VFs, 0 and 1. */
class Bench {
  readonly told: string[] = [];
  readonly nicSwitch = new NicSwitch(virtualFunctionsOf(new SriovDevice()), {
    vfPowerStateSet: (vfId, state) => this.told.push(`${vfId} ${state}`),
  });

  constructor() {
    this.issue(createSwitch(2));
    this.issue(allocateVf(VF, ORIGIN));
    this.issue(allocateVf(VF, ORIGIN));
  }

  issue(
    parameters: OidRequestParameters,
    change: Partial<NdisOidRequest> = {},
  ): { readonly status: NdisStatus; readonly request: NdisOidRequest } {
    const request = newOidRequest(parameters, change);
    return { status: this.nicSwitch.oidRequest(request), request };
  }

  set(change: Partial<VfPowerStateParameters>, length = 16) {
    const parameters = { vfId: 0, powerState: D3, wakeEnable: false, ...change };
    const informationBuffer = newSetVfPowerStateParameters(parameters).subarray(0, length);
    return this.issue(setVfPowerState(0, D3, ORIGIN, 0), {
      informationBuffer,
      inputBufferLength: length,
    });
  }
}

describe('OID_SRIOV_SET_VF_POWER_STATE at a NIC switch', () => {
  test.each([0, 12])(
    '%i bytes are too short: BytesNeeded is 13 [power.pf-invalid-length]',
    (length) => {
      const bench = new Bench();
      const { status, request } = bench.set({}, length);
      expect(status).toBe(NDIS_STATUS_INVALID_LENGTH);
      expect(request).toMatchObject({ bytesNeeded: 13, bytesRead: 0, supportedRevision: 0 });
      expect(bench.told).toEqual([]);
    },
  );

  test.each<[string, Partial<VfPowerStateParameters>]>([
    ['a VF that is not allocated', { vfId: 2 }],
    ['VFId 0xFFFF', { vfId: 0xffff }],
    ['NdisDeviceStateUnspecified', { powerState: 0 }],
    ['NdisDeviceStateMaximum', { powerState: 5 }],
    ['a state of 32 bits', { powerState: 0xffff_ffff }],
    ['WakeEnable with D0', { powerState: D0, wakeEnable: true }],
  ])('%s is NDIS_STATUS_INVALID_PARAMETER [power.pf-invalid-parameter]', (_what, change) => {
    const bench = new Bench();
    const { status, request } = bench.set(change);
    expect(status).toBe(NDIS_STATUS_INVALID_PARAMETER);
    expect(request).toMatchObject({ bytesNeeded: 0, supportedRevision: 0 });
    expect(bench.told).toEqual([]);
    expect(bench.nicSwitch.powerStateOf(0)).toBe(D0);
  });

  test('a buffer without its header is NDIS_STATUS_INVALID_PARAMETER [power.pf-invalid-parameter]', () => {
    const bench = new Bench();
    const { status } = bench.issue(setVfPowerState(0, D3, ORIGIN, 0), {
      informationBuffer: new Uint8Array(16),
    });
    expect(status).toBe(NDIS_STATUS_INVALID_PARAMETER);
  });

  test.each([13, 16])('%i bytes set the state of that VF alone [power.one-vf]', (length) => {
    const bench = new Bench();
    const { status, request } = bench.set({ powerState: 2, wakeEnable: true }, length);
    expect(status).toBe(NDIS_STATUS_SUCCESS);
    expect(request).toMatchObject({ bytesRead: 13, supportedRevision: 1 });
    expect(bench.told).toEqual(['0 2']);
    expect(bench.nicSwitch.powerStateOf(0)).toBe(2);
    expect(bench.nicSwitch.powerStateOf(1)).toBe(D0);
  });

  test('a VF begins in D0, and a reset puts it back there [power.first-state]', () => {
    const bench = new Bench();
    expect(bench.nicSwitch.powerStateOf(0)).toBe(D0);
    bench.set({ powerState: D3 });
    expect(bench.nicSwitch.powerStateOf(0)).toBe(D3);
    bench.issue(resetVf(0, ORIGIN));
    expect(bench.nicSwitch.powerStateOf(0)).toBe(D0);
  });

  test('a VF that was freed has none, and one that follows on its VFId begins anew [power.first-state]', () => {
    const bench = new Bench();
    bench.set({ powerState: D3 });
    bench.issue(freeVf(0, ORIGIN));
    expect(bench.nicSwitch.powerStateOf(0)).toBeUndefined();
    expect(bench.set({ powerState: D3 }).status).toBe(NDIS_STATUS_INVALID_PARAMETER);
    bench.issue(allocateVf(VF, ORIGIN));
    expect(bench.nicSwitch.powerStateOf(0)).toBe(D0);
  });
});
