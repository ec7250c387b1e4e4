import type { OidOrigin } from '#shared/ndis/oid-request.ts';
import type { RecurringLog } from '#shared/recurring-log.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { Trace } from '#shared/trace/trace.ts';
import type { CloseDetails } from '#shared/transport/transport.ts';
import type { PfNdis } from '../ndis/ndis.ts';
import type { Vf } from './vf.ts';
import type { VfState } from './vf-state.ts';

/** Which VF of a PF, and for whom. */
export interface VfInstance {
  readonly vfId: number;
  readonly origin: OidOrigin;
}

/** What all VFs of a PF have around them. There is one of it, since there may be thousands of VFs. */
export interface VfSurroundings {
  readonly ndis: PfNdis;
  /** The VPCI protocol versions that are accepted, newest first. */
  readonly versions: readonly number[];
  /** `2018`: a WRITE_BLOCK without four bytes beyond its data is refused, as by hosts of that year. */
  readonly writeSizeQuirk: 'none' | '2018';
  readonly clock: Clock;
  readonly trace: Trace;
  readonly log: RecurringLog;
  /** Whether OID_SRIOV_RESET_VF keeps the mask that waits for the VF, or drops it. */
  readonly maskOnReset: 'keep' | 'drop';
  /** How long the guest may take to halt the VF after an EJECT. */
  readonly ejectTimeoutMs: number;
  /** The channel is gone, and the VF is to be freed. */
  readonly onGone: (vf: Vf, details: CloseDetails) => void;
  readonly onState: (vf: Vf, state: VfState) => void;
}
