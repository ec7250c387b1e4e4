import { describe, expect, test } from 'vitest';
import { newDevicePowerBuffer } from '#guest/ndis/device-power-buffer.ts';
import { newInvalidateInfo } from '#guest/ndis/invalidate-info.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import nullVf from '#guest/vf-miniport/null.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { methodRequest, type OidRequestParameters, setRequest } from '#shared/ndis/oid-request.ts';
import { newOidRequest } from '#test/contract/oid-requests.ts';
import { VfUnderTest } from '#test/guest/vf-miniport/reference/vf-under-test.ts';
import { hex } from '#test/support/hex.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_FAILURE } = NDIS_STATUS;

const invalidate = (mask: bigint): OidRequestParameters =>
  methodRequest(OID.OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK, newInvalidateInfo(mask));

describe('OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK at the VF miniport', () => {
  test.each<[string, OidRequestParameters, NdisStatus, number]>([
    [
      '15 bytes of input [vf-oid.invalid-length]',
      { ...invalidate(1n), inputBufferLength: 15 },
      NDIS_STATUS.NDIS_STATUS_INVALID_LENGTH,
      16,
    ],
    [
      'no input',
      { ...invalidate(1n), inputBufferLength: 0 },
      NDIS_STATUS.NDIS_STATUS_INVALID_LENGTH,
      16,
    ],
    [
      'no header [vf-oid.invalid-parameter]',
      { ...invalidate(1n), informationBuffer: new Uint8Array(16) },
      NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER,
      0,
    ],
    [
      'an OID that it does not know [vf-oid.not-supported] [oids.unknown]',
      { ...invalidate(1n), oid: OID.OID_SRIOV_RESET_VF },
      NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED,
      0,
    ],
  ])(
    'with %s fails, BytesNeeded exact, and the driver is told nothing',
    async (_what, parameters, status, bytesNeeded) => {
      const heard: bigint[] = [];
      const miniport = configBlockVf({ invalidated: (_blocks, mask) => void heard.push(mask) });
      const request = newOidRequest(parameters);
      expect(await miniport.miniportOidRequest(request)).toBe(status);
      expect(request.bytesNeeded).toBe(bytesNeeded);
      expect(heard).toEqual([]);
    },
  );

  test('that the driver rejects is not a success', async () => {
    const miniport = configBlockVf({ invalidated: () => Promise.reject(new Error('broken')) });
    await expect(miniport.miniportOidRequest(newOidRequest(invalidate(1n)))).rejects.toThrow(
      'broken',
    );
  });

  test('names the blocks and the mask, and succeeds when the driver is done [vf-oid.success] [invalidate.bit-n-is-block-n]', async () => {
    const heard: unknown[] = [];
    const miniport = configBlockVf({
      invalidated: (blocks, mask) => void heard.push([blocks, mask]),
    });
    const request = newOidRequest(invalidate((1n << 63n) + 0x21n));
    expect(await miniport.miniportOidRequest(request)).toBe(NDIS_STATUS_SUCCESS);
    expect(heard).toEqual([[[0, 5, 63], (1n << 63n) + 0x21n]]);
    expect(request.bytesRead).toBe(16);
  });

  test('is not complete before the promise of the driver is', async () => {
    let done: () => void = () => {};
    const miniport = configBlockVf({
      invalidated: () =>
        new Promise<void>((resolve) => {
          done = resolve;
        }),
    });
    const answer = miniport.miniportOidRequest(newOidRequest(invalidate(1n)));
    expect(answer).toBeInstanceOf(Promise);
    done();
    expect(await answer).toBe(NDIS_STATUS_SUCCESS);
  });
});

describe('the start and the halt of a driver in terms of blocks', () => {
  const { adapter } = new VfUnderTest(nullVf);

  test('without functions of its own succeed', async () => {
    const miniport = configBlockVf({ invalidated: () => {} });
    expect(await miniport.miniportInitializeEx?.(adapter)).toBe(NDIS_STATUS_SUCCESS);
    await miniport.miniportHaltEx?.('NdisHaltDeviceDisabled');
  });

  test('are handed on', async () => {
    const halts: string[] = [];
    const miniport = configBlockVf({
      initialize: async () => NDIS_STATUS_FAILURE,
      invalidated: () => {},
      halt: (action) => void halts.push(action),
    });
    expect(await miniport.miniportInitializeEx?.(adapter)).toBe(NDIS_STATUS_FAILURE);
    await miniport.miniportHaltEx?.('NdisHaltDeviceSurpriseRemoved');
    expect(halts).toEqual(['NdisHaltDeviceSurpriseRemoved']);
  });
});

const setPower = (state: number): OidRequestParameters =>
  setRequest(OID.OID_PNP_SET_POWER, newDevicePowerBuffer(state));

describe('OID_PNP_SET_POWER at the VF miniport', () => {
  test('with 3 bytes fails with NDIS_STATUS_INVALID_LENGTH, and BytesNeeded is 4', async () => {
    const heard: number[] = [];
    const miniport = configBlockVf({
      invalidated: () => {},
      setPower: (state) => void heard.push(state),
    });
    const request = newOidRequest({ ...setPower(4), informationBuffer: new Uint8Array(3) });
    expect(await miniport.miniportOidRequest(request)).toBe(NDIS_STATUS.NDIS_STATUS_INVALID_LENGTH);
    expect(request).toMatchObject({ bytesNeeded: 4, bytesRead: 0 });
    expect(heard).toEqual([]);
  });

  test('that the driver rejects is not a success', async () => {
    const miniport = configBlockVf({
      invalidated: () => {},
      setPower: () => Promise.reject(new Error('broken')),
    });
    await expect(miniport.miniportOidRequest(newOidRequest(setPower(4)))).rejects.toThrow('broken');
  });

  test.each([
    ['04 00 00 00', 4],
    ['01 00 00 00', 1],
  ])(
    'holds one little-endian state, %s, and succeeds when the driver is done',
    async (bytes, state) => {
      const heard: number[] = [];
      const miniport = configBlockVf({
        invalidated: () => {},
        setPower: async (each) => void heard.push(each),
      });
      const request = newOidRequest(setPower(state));
      expect(hex(request.informationBuffer)).toBe(bytes);
      expect(await miniport.miniportOidRequest(request)).toBe(NDIS_STATUS_SUCCESS);
      expect(request.bytesRead).toBe(4);
      expect(heard).toEqual([state]);
    },
  );

  test('succeeds without a driver that wants to know', () => {
    const miniport = configBlockVf({ invalidated: () => {} });
    expect(miniport.miniportOidRequest(newOidRequest(setPower(4)))).toBe(NDIS_STATUS_SUCCESS);
  });
});
