import { describe, expect, test } from 'vitest';
import {
  newNicSwitchParameters,
  parseNicSwitchParameters,
} from '#host/ndis/nic-switch-parameters.ts';
import { createSwitch, deleteSwitch } from '#host/virtualization-stack/vf-oids.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import {
  methodRequest,
  type OidRequestParameters,
  queryRequest,
  setRequest,
} from '#shared/ndis/oid-request.ts';
import { PfNdisBench } from '#test/support/pf-ndis-bench.ts';

const {
  NDIS_STATUS_SUCCESS,
  NDIS_STATUS_FAILURE,
  NDIS_STATUS_INVALID_PARAMETER,
  NDIS_STATUS_INVALID_LENGTH,
  NDIS_STATUS_NOT_SUPPORTED,
} = NDIS_STATUS;
const { OID_NIC_SWITCH_PARAMETERS } = OID;
const NAME_CHANGED = 0x0001_0000;

function switchBuffer(name = '', flags = 0): Uint8Array {
  const buffer = newNicSwitchParameters(name, 0);
  new DataView(buffer.buffer).setUint32(4, flags, true);
  return buffer;
}

const switchParameters = (): OidRequestParameters =>
  methodRequest(OID_NIC_SWITCH_PARAMETERS, switchBuffer());

async function nameOfSwitch(bench: PfNdisBench): Promise<string | undefined> {
  const { request } = await bench.issue(switchParameters());
  return parseNicSwitchParameters(request.informationBuffer)?.friendlyName;
}

/** A switch of two VFs, of which the PF miniport was asked nothing since. */
const switchOfTwo = (): Promise<PfNdisBench> => PfNdisBench.withVfs(2);

describe('OID_NIC_SWITCH_PARAMETERS', () => {
  test.each<[string, OidRequestParameters]>([
    ['out', { ...switchParameters(), outputBufferLength: 547 }],
    ['in', { ...switchParameters(), inputBufferLength: 547 }],
  ])(
    'of 547 bytes, %s: NDIS_STATUS_INVALID_LENGTH, nothing written, and BytesNeeded 548 [oids.ndis-answers-length]',
    async (_way, parameters) => {
      const { status, request } = await (await switchOfTwo()).issue(parameters);
      expect(status).toBe(NDIS_STATUS_INVALID_LENGTH);
      expect(request).toMatchObject({ bytesNeeded: 548, bytesWritten: 0, bytesRead: 0 });
    },
  );

  test.each([
    ['of another switch', 12, 1],
    ['without a header', 0, 0],
  ])('%s: NDIS_STATUS_INVALID_PARAMETER', async (_what, offset, value) => {
    const parameters = switchParameters();
    new DataView(parameters.informationBuffer.buffer).setUint32(offset, value, true);
    const { status } = await (await switchOfTwo()).issue(parameters);
    expect(status).toBe(NDIS_STATUS_INVALID_PARAMETER);
  });

  test('while there is no switch: NDIS_STATUS_INVALID_PARAMETER', async () => {
    const bench = new PfNdisBench();
    expect((await bench.issue(switchParameters())).status).toBe(NDIS_STATUS_INVALID_PARAMETER);
    await bench.issue(createSwitch(1));
    await bench.issue(deleteSwitch());
    expect((await bench.issue(switchParameters())).status).toBe(NDIS_STATUS_INVALID_PARAMETER);
  });

  test('as a query: NDIS_STATUS_NOT_SUPPORTED, and the PF miniport is not asked [oids.ndis-answers-request-type]', async () => {
    const bench = await switchOfTwo();
    const request = queryRequest(OID_NIC_SWITCH_PARAMETERS, switchBuffer());
    expect((await bench.issue(request)).status).toBe(NDIS_STATUS_NOT_SUPPORTED);
    expect(bench.pf.oids).toEqual([]);
  });

  test('is 0x00010238: NDIS answers a method request with what the switch was created with [oids.switch-parameters]', async () => {
    expect(OID_NIC_SWITCH_PARAMETERS).toBe(0x0001_0238);
    const bench = await switchOfTwo();
    const { status, request } = await bench.issue(switchParameters());
    expect(status).toBe(NDIS_STATUS_SUCCESS);
    expect(request).toMatchObject({ bytesWritten: 548, bytesRead: 548 });
    expect(parseNicSwitchParameters(request.informationBuffer)).toEqual({
      flags: 0,
      switchId: 0,
      friendlyName: 'Default NIC switch',
      numVfs: 2,
    });
    expect(bench.pf.oids).toEqual([]);
  });

  test('as a set request goes to the PF miniport, and changes the name once it has succeeded [oids.switch-parameters]', async () => {
    const bench = await switchOfTwo();
    const rename = () =>
      setRequest(OID_NIC_SWITCH_PARAMETERS, switchBuffer('uplink', NAME_CHANGED));
    bench.pf.intercept = () => NDIS_STATUS_FAILURE;
    expect((await bench.issue(rename())).status).toBe(NDIS_STATUS_FAILURE);
    expect(await nameOfSwitch(bench)).toBe('Default NIC switch');
    bench.pf.intercept = () => undefined;
    expect((await bench.issue(rename())).status).toBe(NDIS_STATUS_SUCCESS);
    expect(await nameOfSwitch(bench)).toBe('uplink');
    expect(bench.pf.oids).toEqual(Array(2).fill('OID_NIC_SWITCH_PARAMETERS'));
  });

  test('keeps its name when a set request does not name it', async () => {
    const bench = await switchOfTwo();
    await bench.issue(setRequest(OID_NIC_SWITCH_PARAMETERS, switchBuffer('uplink')));
    expect(await nameOfSwitch(bench)).toBe('Default NIC switch');
  });
});
