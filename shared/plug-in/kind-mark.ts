/** Shared by every copy of this package, since a driver may have another one than who loads it. */
const KIND = Symbol.for('sriov-backchannel: kind of miniport');

/** Marks what a driver's file exports with what it makes: `PF miniport`. */
export function markKind<F extends object>(factory: F, what: string): F {
  if (!Object.isExtensible(factory)) return factory;
  return Object.defineProperty(factory, KIND, { value: what, configurable: true });
}

/** What a factory says that it makes; undefined when it was not marked. */
export function markedKind(factory: object): string | undefined {
  const what: unknown = Reflect.get(factory, KIND);
  return typeof what === 'string' ? what : undefined;
}
