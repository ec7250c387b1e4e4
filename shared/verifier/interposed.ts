/** A function of a contract, whatever it takes. */
export type ContractFunction = (...args: readonly unknown[]) => unknown;

/** What stands in for the functions of an object. */
export interface Interposer {
  /** Stands in for a function that the object has. */
  function(name: string, original: ContractFunction): ContractFunction;
  /** Stands in for what the object has not; undefined leaves it missing. */
  missing?(name: string): ContractFunction | undefined;
}

/**
 * An object with something else in place of its functions, whether they are its own properties or
 * those of its class. All other members are the object's own, but for those that are `replaced`.
 */
export function interposed<T extends object>(
  object: T,
  interposer: Interposer,
  replaced: Partial<T> = {},
): T {
  const functions = new Map<string, ContractFunction>();
  return new Proxy(object, {
    get(target, key) {
      const value: unknown = Object.hasOwn(replaced, key)
        ? Reflect.get(replaced, key)
        : Reflect.get(target, key, target);
      if (typeof key !== 'string') return value;
      if (typeof value !== 'function') return value ?? interposer.missing?.(key);
      const known = functions.get(key);
      if (known !== undefined) return known;
      const made = interposer.function(key, (...args) => Reflect.apply(value, target, args));
      functions.set(key, made);
      return made;
    },
  });
}

/** `NdisMReadConfigBlock` for `ndisMReadConfigBlock`. */
export function documentedName(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
