import { describe, expect, test } from 'vitest';
import type { PfAdapter } from '#host/ndis/pf-miniport.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import {
  allocateVf,
  createSwitch,
  deleteSwitch,
  freeVf,
  readVfConfigBlock,
  resetVf,
  setVfPowerState,
  vendorDeviceId,
  writeVfConfigBlock,
} from '#host/virtualization-stack/vf-oids.ts';
import { NDIS_DEVICE_POWER_STATE } from '#shared/ndis/device-power-state.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import type { OidRequestParameters } from '#shared/ndis/oid-request.ts';
import { newOidRequest } from '#test/contract/oid-requests.ts';
import { ORIGIN, PfNdisBench, VF } from '#test/support/pf-ndis-bench.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_INVALID_LENGTH, NDIS_STATUS_INVALID_PARAMETER } =
  NDIS_STATUS;
const { NdisDeviceStateD0 } = NDIS_DEVICE_POWER_STATE;

/** Requests whose structure has a length, and that length; none is refused for anything else. */
const REQUESTS: readonly (readonly [string, OidRequestParameters, number])[] = [
  ['OID_NIC_SWITCH_ALLOCATE_VF', allocateVf(VF, ORIGIN), 1632],
  ['OID_NIC_SWITCH_FREE_VF', freeVf(0, ORIGIN), 10],
  ['OID_SRIOV_RESET_VF', resetVf(0, ORIGIN), 6],
  ['OID_SRIOV_SET_VF_POWER_STATE', setVfPowerState(0, NdisDeviceStateD0, ORIGIN, 0), 13],
  ['OID_SRIOV_VF_VENDOR_DEVICE_ID', vendorDeviceId(0, ORIGIN), 10],
  ['OID_SRIOV_READ_VF_CONFIG_BLOCK', readVfConfigBlock(0, 5, 16, ORIGIN, 0), 20],
  ['OID_SRIOV_WRITE_VF_CONFIG_BLOCK', writeVfConfigBlock(0, 5, new Uint8Array(16), ORIGIN, 0), 20],
];

/** The same request, one byte too short in one of the ways in which it can be. */
function shortened(
  parameters: OidRequestParameters,
  size: number,
): readonly OidRequestParameters[] {
  return [
    { ...parameters, inputBufferLength: size - 1 },
    { ...parameters, informationBuffer: parameters.informationBuffer.slice(0, size - 1) },
    { ...parameters, inputBufferLength: 0, informationBuffer: new Uint8Array(0) },
  ];
}

const RETURNED = REQUESTS.filter(([name]) => /ALLOCATE_VF|VENDOR_DEVICE_ID/.test(name));

describe('a buffer too short for the structure of its OID', () => {
  test.each(REQUESTS)(
    '%s: NDIS_STATUS_INVALID_LENGTH from NDIS, BytesNeeded, and the PF miniport is not asked [pf-oid.structure-too-short] [contradiction.bytes-needed]',
    async (_name, parameters, size) => {
      for (const short of shortened(parameters, size)) {
        const bench = await new PfNdisBench().allocated();
        const { status, request } = await bench.issue(short);
        expect(status).toBe(NDIS_STATUS_INVALID_LENGTH);
        expect(request).toMatchObject({ bytesNeeded: size, bytesRead: 0, bytesWritten: 0 });
        expect(bench.pf.oids).toEqual([]);
      }
    },
  );

  test.each(RETURNED)(
    '%s with too short an output: the same [pf-oid.structure-too-short]',
    async (_name, parameters, size) => {
      const bench = await new PfNdisBench().allocated();
      const { status, request } = await bench.issue({
        ...parameters,
        outputBufferLength: size - 1,
      });
      expect(status).toBe(NDIS_STATUS_INVALID_LENGTH);
      expect(request.bytesNeeded).toBe(size);
      expect(bench.pf.oids).toEqual([]);
    },
  );

  test.each(REQUESTS)(
    '%s of exactly its length reaches the PF miniport',
    async (name, parameters, size) => {
      const bench = await new PfNdisBench().allocated();
      await bench.issue({ ...parameters, inputBufferLength: size });
      expect(bench.pf.oids).toEqual([name]);
    },
  );

  test.each(REQUESTS)(
    '%s without its header is no matter of length: NDIS_STATUS_INVALID_PARAMETER',
    async (_name, parameters) => {
      const bench = await new PfNdisBench().allocated();
      const informationBuffer = parameters.informationBuffer.slice().fill(0, 0, 4);
      const { status, request } = await bench.issue({ ...parameters, informationBuffer });
      expect(status).toBe(NDIS_STATUS_INVALID_PARAMETER);
      expect(request.bytesNeeded).toBe(0);
    },
  );
});

describe('a PF driver in terms of blocks that is asked all the same', () => {
  test.each([
    ...REQUESTS,
    ['OID_NIC_SWITCH_CREATE_SWITCH', createSwitch(4), 548] as const,
    ['OID_NIC_SWITCH_DELETE_SWITCH', deleteSwitch(), 12] as const,
  ])(
    '%s: NDIS_STATUS_INVALID_LENGTH, and BytesNeeded [pf-oid.structure-too-short]',
    async (_name, parameters, size) => {
      const adapters: PfAdapter[] = [];
      const bench = new PfNdisBench(undefined, (miniport, adapter) => {
        adapters.push(adapter);
        return miniport;
      });
      await bench.ndis.initialize();
      for (const adapter of adapters) {
        const miniport = configBlockPf(adapter, {
          readBlock: () => new Uint8Array(16),
          writeBlock: () => NDIS_STATUS_SUCCESS,
        });
        for (const short of shortened(parameters, size)) {
          const request = newOidRequest(short);
          expect(await miniport.miniportOidRequest(request)).toBe(NDIS_STATUS_INVALID_LENGTH);
          expect(request.bytesNeeded).toBe(size);
        }
      }
      expect(adapters).toHaveLength(1);
    },
  );
});
