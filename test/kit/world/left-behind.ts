import type { SlotEnd } from '#guest/vf-slot.ts';

/** What the stop of a world's operating systems left behind, because its drivers hang, in sentences. */
export class LeftBehind {
  readonly #sentences: string[] = [];

  get sentences(): readonly string[] {
    return this.#sentences;
  }

  /** What a guest's VFs came to; undefined of one that died. */
  addGuest(name: string, ends: readonly SlotEnd[] = []): void {
    for (const { leftBehind } of ends) {
      if (leftBehind !== undefined) this.#sentences.push(`${name}: ${leftBehind}`);
    }
  }

  /**
   * What the host has left; undefined of one that died.
   *
   * @throws Error when that is anything: a host has no other life in which it could come to its end
   */
  addHost(left: readonly string[] = []): void {
    this.#sentences.push(...left);
    if (left.length > 0) throw new Error(left.join('; '));
  }
}
