import { describe, expect, test } from 'vitest';
import { PfNdis } from '#host/ndis/ndis.ts';
import type { PfMiniportFactory } from '#host/ndis/pf-miniport.ts';
import { SriovDevice } from '#host/pci/sriov-device.ts';
import { watchPf } from '#host/verifier/watch-pf.ts';
import {
  allocateVf,
  createSwitch,
  freeVf,
  issued,
  readVfConfigBlock,
  writeVfConfigBlock,
} from '#host/virtualization-stack/vf-oids.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { Trace } from '#shared/trace/trace.ts';
import type { VerifierReport } from '#shared/verifier/report.ts';
import { VERIFIER_RULES } from '#shared/verifier/rules.ts';
import { Verifier } from '#shared/verifier/verifier.ts';
import { ManualClock } from '#test/kit/world/manual-clock.ts';
import { quietLog } from '#test/kit/world/quiet-log.ts';
import { ORIGIN, VF } from '#test/support/pf-ndis-bench.ts';
import { BLOCK_OIDS, RecordingPf } from '#test/support/recording-pf.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_INVALID_PARAMETER } = NDIS_STATUS;

/** A PF that answers for whatever VF it is asked about. */
const careless: PfMiniportFactory = (adapter) => {
  const ordinary = new RecordingPf().factory(adapter);
  const oids: readonly number[] = BLOCK_OIDS;
  return {
    miniportOidRequest: (request) =>
      oids.includes(request.oid) ? NDIS_STATUS_SUCCESS : ordinary.miniportOidRequest(request),
  };
};

function newNdis(factory: PfMiniportFactory): { ndis: PfNdis; reports: VerifierReport[] } {
  const trace = new Trace(() => 0);
  const clock = new ManualClock();
  const reports: VerifierReport[] = [];
  const onReport = (report: VerifierReport): void => void reports.push(report);
  const verifier = new Verifier({ isFatal: false, trace, log: quietLog, onReport });
  const watched = watchPf({ verifier, factory, name: 'pf0', clock, stop: () => {} });
  const ndis = new PfNdis({
    name: 'pf0',
    miniport: watched.factory,
    observer: watched.observer,
    device: new SriovDevice(),
    configuration: new Map(),
    clock,
    random: () => 0.5,
    trace,
    log: quietLog,
    oidTimeout: 10,
  });
  return { ndis, reports };
}

describe('a block request for a VF that is not allocated', () => {
  const requests = {
    read: readVfConfigBlock(0, 5, 16, ORIGIN, 0),
    write: writeVfConfigBlock(0, 5, new Uint8Array(4), ORIGIN, 0),
  };

  test.each(['read', 'write'] as const)(
    '%s: who succeeds has broken oid.vf-is-allocated',
    async (which) => {
      const { ndis, reports } = newNdis(careless);
      await issued(ndis, createSwitch(4));
      await issued(ndis, requests[which]);
      const { rule, source } = VERIFIER_RULES['oid.vf-is-allocated'];
      const name = which === 'read' ? 'READ' : 'WRITE';
      expect(reports).toMatchObject([
        {
          id: 'oid.vf-is-allocated',
          actor: 'PF miniport pf0',
          rule,
          source,
          what: `OID_SRIOV_${name}_VF_CONFIG_BLOCK of VF 0, which is not allocated, succeeded`,
        },
      ]);
      const hops = reports[0]?.events.map(({ line }) => line.replace(/.*\[(\w+)\]$/, '$1'));
      expect(hops).toEqual(['oidRequest', 'pfMiniportOidRequest']);
    },
  );

  test('who fails it has not', async () => {
    const { ndis, reports } = newNdis(new RecordingPf().factory);
    await issued(ndis, createSwitch(4));
    const { status } = await issued(ndis, requests.read);
    expect(status).toBe(NDIS_STATUS_INVALID_PARAMETER);
    expect(reports).toEqual([]);
  });

  test('a VF is one from its allocation until it is freed', async () => {
    const { ndis, reports } = newNdis(careless);
    await issued(ndis, createSwitch(4));
    await issued(ndis, allocateVf(VF, ORIGIN));
    await issued(ndis, requests.read);
    expect(reports).toEqual([]);
    await issued(ndis, freeVf(0, ORIGIN));
    await issued(ndis, requests.read);
    expect(reports.map(({ id }) => id)).toEqual(['oid.vf-is-allocated']);
  });
});
