import { MisuseError } from '../misuse-error.ts';

/** A rule that cannot do anything as it is written. */
export class FaultRuleError extends MisuseError {
  override readonly name = 'FaultRuleError';
}
