/** The error numbers that a Linux guest meets here. Functions return 0, or one of them negated. */
export const ERRNO = {
  EIO: 5,
  EAGAIN: 11,
  EFAULT: 14,
  ENODEV: 19,
  EINVAL: 22,
  EDEADLK: 35,
  EPROTO: 71,
  EOPNOTSUPP: 95,
} as const;

const names = new Map<number, string>(Object.entries(ERRNO).map(([name, value]) => [value, name]));

/** `-EIO` for -5, `0` for success, and the bare number of a value without a name here. */
export function errnoName(value: number): string {
  const name = names.get(-value);
  return name === undefined ? String(value) : `-${name}`;
}
