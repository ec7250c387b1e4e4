const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
const STEP = 1024;

/** `1,234,567`. */
export function formatCount(count: number | bigint): string {
  return count.toLocaleString('en-US');
}

/** `12 requests`, `1 request`. */
export function formatCountOf(count: number | bigint, singular: string): string {
  return `${formatCount(count)} ${singular}${BigInt(count) === 1n ? '' : 's'}`;
}

/** `532 B`, `1.3 GiB`. Of a number of bytes up to 2^64 - 1. */
export function formatBytes(bytes: number | bigint): string {
  let value = Number(bytes);
  let unit = 0;
  while (value >= STEP && unit < UNITS.length - 1) {
    value /= STEP;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}

/** `250 ms`, `10 s`, `1.5 s`. */
export function formatMilliseconds(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds} ms` : `${milliseconds / 1000} s`;
}
