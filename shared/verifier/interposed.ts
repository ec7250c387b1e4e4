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
  const memberOf = (key: string | symbol): unknown =>
    Object.hasOwn(replaced, key) ? Reflect.get(replaced, key) : Reflect.get(object, key, object);
  return new Proxy(object, {
    get(_target, key) {
      const value = memberOf(key);
      if (typeof key !== 'string') return value;
      if (value === undefined) return interposer.missing?.(key);
      if (typeof value !== 'function') return value;
      const known = functions.get(key);
      if (known !== undefined) return known;
      // Looked up at each call: an object may be given other functions later.
      const call: ContractFunction = (...args) =>
        Reflect.apply(memberOf(key) as ContractFunction, object, args);
      const made = interposer.function(key, call);
      functions.set(key, made);
      return made;
    },
  });
}

/** `NdisMReadConfigBlock` for `ndisMReadConfigBlock`. */
export function documentedName(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
