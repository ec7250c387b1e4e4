import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type NicConfig, NicConfigError } from '#host/pf-miniport/reference/index.ts';
import { openNicConfigFile } from '#host/pf-miniport/reference/nic-config-file.ts';
import type { FileEvents, WatchFile } from '#host/pf-miniport/reference/watch-file.ts';
import { systemClock } from '#shared/time/system.ts';
import { CapturedLog } from '#test/shared/reference-nic/captured-log.ts';
import { ManualClock } from '#test/shared/reference-nic/manual-clock.ts';

const REFUSED = 'NIC configuration refused, the one before it stays in force';
const CHANGED = 'NIC configuration changed';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nic-config-'));
  file = join(folder, 'nic.json');
});

afterEach(() => rm(folder, { recursive: true }));

/** A configuration with this default MTU. */
function mtu(bytes: number): string {
  return `{ "defaults": { "mtu": ${bytes} } }`;
}

/** A watcher that a test operates. */
class Watch {
  events: FileEvents | undefined;
  closed = false;
  readonly watch: WatchFile = async (_file, events) => {
    this.events = events;
    return {
      close: async () => {
        this.closed = true;
      },
    };
  };
}

/** A configuration file that is open, with a clock and a watcher that stand still. */
async function opened(text: string) {
  await writeFile(file, text);
  const clock = new ManualClock();
  const logged = new CapturedLog();
  const watch = new Watch();
  const source = await openNicConfigFile(file, { clock, log: logged.log, watch: watch.watch });
  const changes: NicConfig[] = [];
  source.onChange((config) => changes.push(config));
  return { clock, logged, watch, source, changes };
}

describe('a NIC configuration file at the start', () => {
  test.each([
    ['is missing', undefined, 'nic.json: found no such file, expected a NIC configuration file'],
    ['is no JSON', '{', 'nic.json:1:2: found the end of the text, expected a closing brace'],
    ['is not valid', mtu(1), 'nic.json:1:24: defaults.mtu: found 1, expected a whole number'],
  ])('that %s is an error with its place, and is watched no longer', async (_, text, message) => {
    if (text !== undefined) await writeFile(file, text);
    const { log } = new CapturedLog();
    const watch = new Watch();
    const opening = openNicConfigFile(file, { clock: new ManualClock(), log, watch: watch.watch });
    await expect(opening).rejects.toBeInstanceOf(NicConfigError);
    await expect(opening).rejects.toThrow(message);
    expect(watch.closed).toBe(true);
  });

  test('that is a folder is an error', async () => {
    const { log } = new CapturedLog();
    const watch = new Watch();
    const services = { clock: new ManualClock(), log, watch: watch.watch };
    await expect(openNicConfigFile(folder, services)).rejects.toThrow('found a directory');
  });

  test('is in force once it is read', async () => {
    const { source, logged } = await opened(mtu(1400));
    expect(source.current()).toEqual({ defaults: { mtu: 1400 } });
    expect(logged.lines).toEqual([{ level: 'info', msg: 'NIC configuration loaded', file }]);
  });
});

describe('a NIC configuration file while it is used', () => {
  test('a broken edit is logged with its place, and the configuration before it stays', async () => {
    const { source, clock, watch, logged, changes } = await opened(mtu(1400));
    await writeFile(file, `{\n  "defaults": { "mtu": 1 }\n}`);
    watch.events?.touched();
    await clock.advance(100);
    await logged.until(REFUSED);
    const problem = `${file}:2:24: defaults.mtu: found 1, expected a whole number from 576 to 9216`;
    expect(logged.with(REFUSED)).toEqual([
      { level: 'error', msg: REFUSED, file, problems: [problem] },
    ]);
    expect(source.current()).toEqual({ defaults: { mtu: 1400 } });
    expect(changes).toEqual([]);
  });

  test('a file that vanishes is logged, and a good edit after it is taken', async () => {
    const { source, clock, watch, logged, changes } = await opened(mtu(1400));
    await rm(file);
    watch.events?.touched();
    await clock.advance(100);
    await logged.until(REFUSED);
    await writeFile(file, mtu(1300));
    watch.events?.touched();
    await clock.advance(100);
    await logged.until(CHANGED);
    expect(changes).toEqual([{ defaults: { mtu: 1300 } }]);
    expect(source.current()).toEqual({ defaults: { mtu: 1300 } });
  });

  test('a burst of writes is read once, 100 ms after the last of them', async () => {
    const { clock, watch, logged, changes } = await opened(mtu(1400));
    for (let bytes = 1001; bytes <= 1010; bytes++) {
      await writeFile(file, mtu(bytes));
      watch.events?.touched();
      await clock.advance(99);
    }
    expect(clock.timers).toBe(1);
    expect(changes).toEqual([]);
    await clock.advance(1);
    await logged.until(CHANGED);
    expect(changes).toEqual([{ defaults: { mtu: 1010 } }]);
    expect(clock.timers).toBe(0);
  });

  test('a file that is touched without a change is no change', async () => {
    const { clock, watch, logged, changes } = await opened(mtu(1400));
    watch.events?.touched();
    await clock.advance(100);
    await writeFile(file, mtu(1300));
    watch.events?.touched();
    await clock.advance(100);
    await logged.until(CHANGED);
    expect(changes).toEqual([{ defaults: { mtu: 1300 } }]);
  });

  test('a watcher that fails is logged', async () => {
    const { watch, logged } = await opened(mtu(1400));
    watch.events?.failed(new Error('no more handles'));
    expect(logged.lines.at(-1)).toMatchObject({
      level: 'warn',
      msg: 'NIC configuration file unwatched',
      file,
      err: { message: 'no more handles' },
    });
  });

  test('nothing is read after the close', async () => {
    const { source, clock, watch, changes } = await opened(mtu(1400));
    await writeFile(file, mtu(1300));
    watch.events?.touched();
    await source.close();
    watch.events?.touched();
    expect(clock.timers).toBe(0);
    expect(watch.closed).toBe(true);
    expect(changes).toEqual([]);
  });
});

describe('a NIC configuration file that the machine watches', () => {
  test.each([
    ['written in place', (text: string) => writeFile(file, text)],
    [
      'replaced by another file of its name',
      async (text: string) => {
        await writeFile(join(folder, 'new'), text);
        await rename(join(folder, 'new'), file);
      },
    ],
    [
      'moved away and written anew',
      async (text: string) => {
        await rename(file, join(folder, 'old'));
        await writeFile(file, text);
      },
    ],
  ])('is read again when it is %s, and once more', { timeout: 20_000 }, async (_, save) => {
    await writeFile(file, mtu(1400));
    const logged = new CapturedLog();
    const source = await openNicConfigFile(file, { clock: systemClock, log: logged.log });
    for (const bytes of [1301, 1302]) {
      const changed = new Promise<NicConfig>((resolve) => source.onChange(resolve));
      await save(mtu(bytes));
      expect(await changed).toEqual({ defaults: { mtu: bytes } });
    }
    await source.close();
  });
});
