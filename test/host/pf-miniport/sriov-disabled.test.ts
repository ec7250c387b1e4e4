import { describe, expect, test } from 'vitest';
import hvVhcaPf from '#host/pf-miniport/hv-vhca/index.ts';
import nullPf from '#host/pf-miniport/null.ts';
import referencePf from '#host/pf-miniport/reference/index.ts';
import {
  createSwitch,
  readVfConfigBlock,
  resetVf,
  writeVfConfigBlock,
} from '#host/virtualization-stack/vf-oids.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { newOidRequest } from '#test/contract/oid-requests.ts';
import { PfUnderTest } from './reference/pf-under-test.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_NOT_SUPPORTED } = NDIS_STATUS;
const ORIGIN = { device: 'g1/0', generation: 1 };

const OIDS = [
  ['OID_SRIOV_READ_VF_CONFIG_BLOCK', readVfConfigBlock(0, 0, 16, ORIGIN, 0)],
  ['OID_SRIOV_WRITE_VF_CONFIG_BLOCK', writeVfConfigBlock(0, 0, new Uint8Array(16), ORIGIN, 0)],
  ['OID_SRIOV_RESET_VF', resetVf(0, ORIGIN)],
  ['OID_NIC_SWITCH_CREATE_SWITCH', createSwitch(1)],
] as const;

describe.each([
  ['reference', referencePf],
  ['hv-vhca', hvVhcaPf],
  ['null', nullPf],
] as const)('the %s PF miniport whose SR-IOV is not enabled', (_name, factory) => {
  test.each(OIDS)(
    'answers %s with NDIS_STATUS_NOT_SUPPORTED, and moves no bytes [pf-oid.not-supported]',
    async (_oid, parameters) => {
      const pf = new PfUnderTest(factory, { '*SRIOV': '0' });
      expect(await pf.initialize()).toBe(NDIS_STATUS_SUCCESS);
      const request = newOidRequest(parameters);
      expect(await pf.miniport.miniportOidRequest(request)).toBe(NDIS_STATUS_NOT_SUPPORTED);
      expect(request).toMatchObject({ bytesRead: 0, bytesWritten: 0, bytesNeeded: 0 });
    },
  );
});
