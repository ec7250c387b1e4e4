import type { Trace } from '#shared/trace/trace.ts';
import type { VfIdentity } from '#shared/trace/vf-identity.ts';

/** Objects of the kernel that a driver has allocated, as kmemleak knows them. */
export class KernelMemory {
  readonly #objects = new Set<KernelObject>();

  /** An object of a type, with the one reference that its creator has. */
  allocate(type: string): KernelObject {
    const object = new KernelObject(type, () => void this.#objects.delete(object));
    this.#objects.add(object);
    return object;
  }

  /** Reports what is left when nobody can have a use for it any more. */
  reportLeaks(trace: Trace, identity: VfIdentity): void {
    for (const { type, references } of this.#objects) {
      const note = `unreferenced object: ${type}, with a count of ${references}`;
      trace.record({ hop: 'linuxContractViolated', name: 'kmemleak', ...identity, note });
    }
  }
}

/** An object that is freed with its last reference. */
export class KernelObject {
  readonly type: string;
  readonly #free: () => void;
  #references = 1;

  constructor(type: string, free: () => void) {
    this.type = type;
    this.#free = free;
  }

  get references(): number {
    return this.#references;
  }

  get(): void {
    this.#references++;
  }

  put(): void {
    if (--this.#references === 0) this.#free();
  }
}
