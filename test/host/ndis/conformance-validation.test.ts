import { describe, expect, test } from 'vitest';
import { PfNdis } from '#host/ndis/ndis.ts';
import { SriovDevice } from '#host/pci/sriov-device.ts';
import { readVfConfigBlock, resetVf } from '#host/virtualization-stack/vf-oids.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import type { NdisOidRequest, OidRequestParameters } from '#shared/ndis/oid-request.ts';
import { Trace } from '#shared/trace/trace.ts';
import { ManualClock } from '#test/kit/world/manual-clock.ts';
import { quietLog } from '#test/kit/world/quiet-log.ts';

const ORIGIN = { device: 'g1/0', generation: 1 };

/** What the PF miniport is handed of a request that its issuer made. */
function delivered(parameters: OidRequestParameters): readonly NdisOidRequest[] {
  const requests: NdisOidRequest[] = [];
  const ndis = new PfNdis({
    name: 'pf0',
    miniport: () => ({
      miniportOidRequest: (request) => {
        requests.push(request);
        return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
      },
    }),
    device: new SriovDevice(),
    configuration: new Map(),
    clock: new ManualClock(),
    random: () => 0.5,
    trace: new Trace(() => 0),
    log: quietLog,
    oidTimeout: 10,
  });
  ndis.oidRequest(parameters, () => {});
  return requests;
}

describe('the contents of an OID request that host NDIS leaves to the PF miniport', () => {
  test.each<[string, OidRequestParameters]>([
    ['a VFId that nobody allocated', readVfConfigBlock(7, 5, 16, ORIGIN, 0)],
    ['a Length of 0', readVfConfigBlock(0, 5, 0, ORIGIN, 0)],
    ['no room for the data', { ...readVfConfigBlock(0, 5, 16, ORIGIN, 0), outputBufferLength: 20 }],
    [
      'no header',
      { ...readVfConfigBlock(0, 5, 16, ORIGIN, 0), informationBuffer: new Uint8Array(36) },
    ],
    [
      'no header of OID_SRIOV_RESET_VF',
      { ...resetVf(0, ORIGIN), informationBuffer: new Uint8Array(6) },
    ],
    ['an OID that nobody knows', { ...resetVf(0, ORIGIN), oid: 0x0001024a }],
  ])('%s [concurrency.ndis-does-not-validate]', (_what, parameters) => {
    expect(delivered(parameters)).toMatchObject([
      { oid: parameters.oid, informationBuffer: parameters.informationBuffer },
    ]);
  });
});
