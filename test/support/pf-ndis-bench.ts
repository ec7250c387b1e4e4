import { PfNdis } from '#host/ndis/ndis.ts';
import type { PfAdapter, PfMiniport } from '#host/ndis/pf-miniport.ts';
import { SriovDevice } from '#host/pci/sriov-device.ts';
import { allocateVf, createSwitch } from '#host/virtualization-stack/vf-oids.ts';
import type { NdisStatus } from '#shared/ndis/ndis-status.ts';
import type { NdisOidRequest, OidRequestParameters } from '#shared/ndis/oid-request.ts';
import { Trace, type TraceEvent } from '#shared/trace/trace.ts';
import { ManualClock } from '../kit/world/manual-clock.ts';
import { recordingLog } from './recording-log.ts';
import { RecordingPf } from './recording-pf.ts';

/** The VF on whose behalf requests are issued. */
export const ORIGIN = { device: 'g1/0', generation: 1 };
/** What a VF is asked for with. */
export const VF = {
  vmName: 'g1',
  vmFriendlyName: 'g1',
  nicName: 'g1--0',
  permanentMacAddress: new Uint8Array(6),
  currentMacAddress: new Uint8Array(6),
};

/** Host NDIS over a PF miniport that writes down what it is asked. */
export class PfNdisBench {
  readonly pf: RecordingPf;
  readonly device = new SriovDevice();
  readonly clock = new ManualClock();
  readonly events: TraceEvent[] = [];
  readonly log = recordingLog();
  readonly signals: (readonly [number, bigint])[] = [];
  readonly ndis: PfNdis;

  constructor(
    pf = new RecordingPf(),
    change: (miniport: PfMiniport, adapter: PfAdapter) => PfMiniport = (each) => each,
  ) {
    this.pf = pf;
    const trace = new Trace(() => 0);
    trace.listen((event) => this.events.push(event));
    this.ndis = new PfNdis({
      name: 'pf0',
      miniport: (adapter) => change(pf.factory(adapter), adapter),
      device: this.device,
      configuration: new Map(),
      clock: this.clock,
      random: () => 0.5,
      trace,
      log: this.log.log,
      oidTimeout: 10,
    });
    this.ndis.onInvalidate((vfId, mask) => this.signals.push([vfId, mask]));
  }

  issue(
    parameters: OidRequestParameters,
  ): Promise<{ status: NdisStatus; request: NdisOidRequest }> {
    return new Promise((resolve) => {
      this.ndis.oidRequest(parameters, (status, request) => resolve({ status, request }));
    });
  }

  /** A switch of so many VFs, all of which are allocated; what the PF was asked for it is forgotten. */
  static async withVfs(numVfs: number): Promise<PfNdisBench> {
    const bench = new PfNdisBench();
    await bench.issue(createSwitch(numVfs));
    for (let vf = 0; vf < numVfs; vf++) await bench.issue(allocateVf(VF, ORIGIN));
    bench.pf.oids.length = 0;
    return bench;
  }

  /** Creates the switch, allocates a VF, and forgets what the PF was asked for it. */
  async allocated(): Promise<this> {
    await this.issue(createSwitch(4));
    await this.issue(allocateVf(VF, ORIGIN));
    this.pf.oids.length = 0;
    return this;
  }
}
