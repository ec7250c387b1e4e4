import { HV_VHCA_AGENT } from '#shared/hv-vhca/agent.ts';
import { type ControlBlock, decodeControlBlock } from '#shared/hv-vhca/control-block.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import type { BlockRequest } from '../../../kit/check/block-requests.ts';
import { type Checker, type Finding, type Run, verdict } from '../../../kit/check/checker.ts';

/** A command that a VF has read is acted on to its end, and its acknowledgement written. */
export const commandsAreAcknowledged: Checker = {
  id: 'S01',
  rule: 'A VF that has read a command acknowledges it: no handler runs on what is not initialised.',
  check(run) {
    const requests = run.history.requests.filter(
      ({ call }) => call.blockId === HV_VHCA_AGENT.control,
    );
    const breaches = requests.flatMap((request): readonly Finding[] => {
      const block = blockOf(request.returned[0]);
      if (request.kind !== 'read' || block === undefined || block.control === 0) return [];
      return isAcknowledged(requests, request, block) ? [] : [unacknowledged(run, request, block)];
    });
    return verdict(this.id, breaches);
  },
};

function blockOf(event: TraceEvent | undefined): ControlBlock | undefined {
  return event?.data === undefined ? undefined : decodeControlBlock(Buffer.from(event.data, 'hex'));
}

function isAcknowledged(
  requests: readonly BlockRequest[],
  { call }: BlockRequest,
  { command }: ControlBlock,
): boolean {
  return requests.some(
    (each) =>
      each.kind === 'write' &&
      each.call.seq > call.seq &&
      each.call.device === call.device &&
      blockOf(each.call)?.commandAck === command,
  );
}

function unacknowledged(run: Run, { call, returned }: BlockRequest, { command }: ControlBlock) {
  const [read] = returned;
  const crash = run.events.find(
    ({ hop, device, seq }) =>
      hop === 'linuxContractViolated' && device === call.device && seq > call.seq,
  );
  const how = crash === undefined ? 'nothing followed' : `${crash.note} (event ${crash.seq})`;
  return {
    why: `${call.device} read command ${command} at event ${read?.seq} and never acknowledged it: ${how}`,
    events: [call, read, crash].flatMap((event) => (event === undefined ? [] : [event.seq])),
  };
}
