import { MisuseError } from '../misuse-error.ts';

/** A scenario that cannot run between processes, and what could be done about it. */
export class ProcessWorldError extends MisuseError {
  override readonly name = 'ProcessWorldError';
}
