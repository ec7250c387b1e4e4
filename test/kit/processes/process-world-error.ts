/** A scenario that cannot run between processes, and what could be done about it. */
export class ProcessWorldError extends Error {
  override readonly name = 'ProcessWorldError';
}
