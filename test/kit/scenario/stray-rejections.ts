type Listener = (reason: unknown) => void;

/** Those of the runs that are under way: the process has one listener for all. */
const listeners = new Set<Listener>();

function tell(reason: unknown): void {
  for (const listener of listeners) listener(reason);
}

/**
 * Listens for promises of this process that are rejected while nobody awaits them, as those of a
 * scenario that does not. Calling what is returned ends it.
 */
export function onStrayRejection(listener: Listener): () => void {
  if (listeners.size === 0) process.on('unhandledRejection', tell);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) process.off('unhandledRejection', tell);
  };
}
