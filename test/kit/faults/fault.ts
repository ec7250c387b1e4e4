import type { Duration } from '../duration.ts';
import { delayProblem } from './fault-problem.ts';
import { FaultRuleError } from './fault-rule-error.ts';
import type { When } from './when.ts';

/** What is done to the event that a rule meets. Plain data, so that a run can be written down. */
export type Fault =
  | { readonly verb: 'delay'; readonly by: Duration }
  | { readonly verb: 'hold'; readonly until: When }
  | { readonly verb: 'drop' }
  | { readonly verb: 'duplicate' }
  | { readonly verb: 'reorder'; readonly behind: number }
  | { readonly verb: 'truncate'; readonly bytes: number }
  | { readonly verb: 'truncateFrame'; readonly characters: number }
  | { readonly verb: 'pad'; readonly bytes: number }
  | { readonly verb: 'corrupt' }
  | { readonly verb: 'overrideStatus'; readonly status: number }
  | { readonly verb: 'replyWith'; readonly reply: Readonly<Record<string, unknown>> }
  | { readonly verb: 'forge'; readonly message: ForgedMessage }
  | { readonly verb: 'stopReading'; readonly until: When }
  | { readonly verb: 'throwInPlugIn' }
  | { readonly verb: 'failAllocation' }
  | { readonly verb: 'cut' }
  | { readonly verb: 'kill'; readonly side: 'guest' | 'host' };

/** The type of a message, and its fields as they cross the channel. */
export type ForgedMessage = { readonly type: string } & Readonly<Record<string, unknown>>;

export type Verb = Fault['verb'];

/** A fault, and the event that it befalls. */
export interface FaultRule {
  readonly when: When;
  readonly do: Fault;
}

/**
 * Comes later by a while, an hour at most; what follows on an ordered channel waits behind it.
 *
 * @throws FaultRuleError for what is no duration
 */
export function delay(by: Duration): Fault {
  const problem = delayProblem(by);
  if (problem !== undefined) throw new FaultRuleError(problem);
  return { verb: 'delay', by };
}
/** Waits until another event has happened. */
export const hold = (until: When): Fault => ({ verb: 'hold', until });
/** Never comes. */
export const drop = (): Fault => ({ verb: 'drop' });
/** Comes twice. */
export const duplicate = (): Fault => ({ verb: 'duplicate' });
/** Is overtaken by the frames after it. */
export const reorder = (behind = 1): Fault => ({ verb: 'reorder', behind });
/** Has its block data cut to a number of bytes. */
export const truncate = (bytes: number): Fault => ({ verb: 'truncate', bytes });
/** Is cut as text, so that it is no frame any more. */
export const truncateFrame = (characters: number): Fault => ({ verb: 'truncateFrame', characters });
/** Has bytes added to its block data. */
export const pad = (bytes: number): Fault => ({ verb: 'pad', bytes });
/** Has one bit of its block data turned, or one character of a frame that has none. */
export const corrupt = (): Fault => ({ verb: 'corrupt' });
/** Is done, and reports another status than its own. */
export const overrideStatus = (status: number): Fault => ({ verb: 'overrideStatus', status });
/** Is not done, but answered with these fields: `{ status: 0xC000009A }`. */
export const replyWith = (reply: Readonly<Record<string, unknown>>): Fault => ({
  verb: 'replyWith',
  reply,
});
/**
 * Is followed by a packet that nobody has sent, of any type: `{ type: 'BUS_RELATIONS2', devices: [] }`.
 */
export const forge = (message: ForgedMessage): Fault => ({ verb: 'forge', message });
/** The receiver takes no frame from here on until another event; the sender sees it congested. */
export const stopReading = (until: When): Fault => ({ verb: 'stopReading', until });
/** The miniport's function throws. */
export const throwInPlugIn = (): Fault => ({ verb: 'throwInPlugIn' });
/** NdisAllocateMemoryWithTagPriority returns NULL. */
export const failAllocation = (): Fault => ({ verb: 'failAllocation' });
/** The channel of the VF breaks. */
export const cut = (): Fault => ({ verb: 'cut' });
/** The operating system that the event's VF, or the PF, belongs to stops between two instructions. */
export const kill = (side: 'guest' | 'host'): Fault => ({ verb: 'kill', side });
