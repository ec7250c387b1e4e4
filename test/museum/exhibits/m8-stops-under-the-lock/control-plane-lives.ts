import { HV_VHCA_AGENT } from '#shared/hv-vhca/agent.ts';
import { type ControlBlock, decodeControlBlock } from '#shared/hv-vhca/control-block.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { type Checker, type Finding, verdict } from '../../../kit/check/checker.ts';

const AT_MOST_MS = 1000;

/** A report that does not get through keeps nobody from carrying out commands. */
export const controlPlaneLives: Checker = {
  id: 'M8',
  rule: 'A VF acknowledges a command within a second after it has read it.',
  check({ events, history }) {
    const last = events.at(-1)?.at ?? 0;
    const ofControl = history.requests.filter(({ call }) => call.blockId === HV_VHCA_AGENT.control);
    const breaches = ofControl.flatMap(({ kind, returned: [read] }): readonly Finding[] => {
      const command = blockOf(read)?.command;
      if (kind !== 'read' || read === undefined || command === undefined) return [];
      const ack = ofControl.find(
        ({ kind: other, call }) =>
          other === 'write' && call.seq > read.seq && blockOf(call)?.commandAck === command,
      );
      if ((ack?.call.at ?? last) - read.at <= AT_MOST_MS) return [];
      const stuck = history.requests.find(
        ({ call, returned }) =>
          call.blockId === HV_VHCA_AGENT.stats &&
          call.seq < read.seq &&
          (returned[0]?.seq ?? Number.POSITIVE_INFINITY) > read.seq,
      );
      const because =
        stuck === undefined
          ? ''
          : `; its report of event ${stuck.call.seq} had not come back by then`;
      const why = `${read.device} read command ${command} at event ${read.seq} and did not acknowledge it within a second${because}`;
      return [{ why, events: [...(stuck ? [stuck.call.seq] : []), read.seq] }];
    });
    return verdict(this.id, breaches);
  },
};

function blockOf(event: TraceEvent | undefined): ControlBlock | undefined {
  return event?.data === undefined ? undefined : decodeControlBlock(Buffer.from(event.data, 'hex'));
}
