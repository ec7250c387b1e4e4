/**
 * An object with some members replaced. All others are the object's own, called on the object itself,
 * whether they are its own properties or those of its class.
 */
export function overriding<T extends object>(object: T, members: Partial<T>): T {
  const bound = new Map<unknown, unknown>();
  return new Proxy(object, {
    get(target, key) {
      if (Object.hasOwn(members, key)) return members[key as keyof T];
      const value: unknown = target[key as keyof T];
      if (typeof value !== 'function') return value;
      if (!bound.has(value)) bound.set(value, value.bind(target));
      return bound.get(value);
    },
  });
}
