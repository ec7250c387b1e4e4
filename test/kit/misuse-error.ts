/** What a scenario does wrong by itself, or whoever runs it: no driver is to blame. */
export class MisuseError extends Error {
  override readonly name: string = 'MisuseError';
}
