import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type NicConfig, NicConfigError } from '#host/pf-miniport/reference/index.ts';
import { openNicConfigFile } from '#host/pf-miniport/reference/nic-config-file.ts';
import type { FileEvents, WatchFile } from '#host/pf-miniport/reference/watch-file.ts';
import { systemClock } from '#shared/time/system.ts';
import { ManualClock } from '#test/kit/world/manual-clock.ts';
import { turn } from '#test/kit/world/turn.ts';
import { CapturedLog } from '#test/shared/reference-nic/captured-log.ts';
import { deferred } from '#test/shared/reference-nic/deferred.ts';

const REFUSED = 'NIC configuration refused, the one before it stays in force';
const CHANGED = 'NIC configuration changed';

/** A configuration with this default MTU. */
function mtu(bytes: number): string {
  return `{ "defaults": { "mtu": ${bytes} } }`;
}

/** A file that a test writes, and a watcher that it operates. */
class ScriptedFile {
  text: string | undefined;
  reads = 0;
  /** What a reading waits for, with the text of its beginning. */
  hold: Promise<void> | undefined;
  events: FileEvents | undefined;
  closed = false;

  readonly read = async (): Promise<string> => {
    this.reads++;
    const { text } = this;
    await this.hold;
    if (text === undefined) throw Object.assign(new Error('none'), { code: 'ENOENT' });
    return text;
  };

  readonly watch: WatchFile = async (_file, events) => {
    this.events = events;
    return {
      close: async () => {
        this.closed = true;
      },
    };
  };

  save(text: string | undefined): void {
    this.text = text;
    this.events?.touched();
  }
}

/** A configuration file that is open, with a clock that stands still. */
async function opened(text: string) {
  const scripted = new ScriptedFile();
  scripted.text = text;
  const clock = new ManualClock();
  const { log, lines } = new CapturedLog();
  const { read, watch } = scripted;
  const source = await openNicConfigFile('nic.json', { clock, log, read, watch });
  const changes: NicConfig[] = [];
  source.onChange((config) => changes.push(config));
  return { scripted, clock, lines, source, changes };
}

describe('a NIC configuration file at the start', () => {
  test.each([
    ['is missing', undefined, 'nic.json: found no such file, expected a NIC configuration file'],
    ['is no JSON', '{', 'nic.json:1:2: found the end of the text, expected a closing brace'],
    ['is not valid', mtu(1), 'nic.json:1:24: defaults.mtu: found 1, expected a whole number'],
  ])('that %s is an error with its place, and is watched no longer', async (_, text, message) => {
    const { log } = new CapturedLog();
    const scripted = new ScriptedFile();
    scripted.text = text;
    const { read, watch } = scripted;
    const opening = openNicConfigFile('nic.json', { clock: new ManualClock(), log, read, watch });
    await expect(opening).rejects.toBeInstanceOf(NicConfigError);
    await expect(opening).rejects.toThrow(message);
    expect(scripted.closed).toBe(true);
  });

  test('is in force once it is read', async () => {
    const { source, lines } = await opened(mtu(1400));
    expect(source.current()).toEqual({ defaults: { mtu: 1400 } });
    expect(lines).toEqual([{ level: 'info', msg: 'NIC configuration loaded', file: 'nic.json' }]);
  });
});

describe('a NIC configuration file while it is used', () => {
  test('a broken edit is logged with its place, and the configuration before it stays', async () => {
    const { scripted, source, clock, lines, changes } = await opened(mtu(1400));
    scripted.save(`{\n  "defaults": { "mtu": 1 }\n}`);
    await clock.advance(100);
    const problem =
      'nic.json:2:24: defaults.mtu: found 1, expected a whole number from 576 to 9216';
    expect(lines.slice(1)).toEqual([
      { level: 'error', msg: REFUSED, file: 'nic.json', problems: [problem] },
    ]);
    expect(source.current()).toEqual({ defaults: { mtu: 1400 } });
    expect(changes).toEqual([]);
  });

  test('a file that vanishes is logged, and a good edit after it is taken', async () => {
    const { scripted, source, clock, lines, changes } = await opened(mtu(1400));
    scripted.save(undefined);
    await clock.advance(100);
    scripted.save(mtu(1300));
    await clock.advance(100);
    expect(lines.slice(1)).toMatchObject([
      {
        msg: REFUSED,
        problems: ['nic.json: found no such file, expected a NIC configuration file'],
      },
      { level: 'info', msg: CHANGED, file: 'nic.json' },
    ]);
    expect(changes).toEqual([{ defaults: { mtu: 1300 } }]);
    expect(source.current()).toEqual({ defaults: { mtu: 1300 } });
  });

  test('a burst of writes is read once, 100 ms after the last of them', async () => {
    const { scripted, clock, changes } = await opened(mtu(1400));
    for (let bytes = 1001; bytes <= 1010; bytes++) {
      scripted.save(mtu(bytes));
      await clock.advance(99);
    }
    expect(scripted.reads).toBe(1);
    await clock.advance(1);
    expect(scripted.reads).toBe(2);
    expect(changes).toEqual([{ defaults: { mtu: 1010 } }]);
    expect(clock.timers).toBe(0);
  });

  test('a write during a reading is read after it', async () => {
    const { scripted, clock, changes } = await opened(mtu(1400));
    const reading = deferred<void>();
    scripted.hold = reading.promise;
    scripted.save(mtu(1300));
    await clock.advance(100);
    scripted.save(mtu(1200));
    await clock.advance(100);
    expect(scripted.reads).toBe(2);
    reading.resolve();
    await turn();
    expect(changes).toEqual([{ defaults: { mtu: 1300 } }, { defaults: { mtu: 1200 } }]);
  });

  test('a file that is touched without a change is no change', async () => {
    const { scripted, clock, lines, changes } = await opened(mtu(1400));
    scripted.save(mtu(1400));
    await clock.advance(100);
    expect(scripted.reads).toBe(2);
    expect(changes).toEqual([]);
    expect(lines).toHaveLength(1);
  });

  test('a watcher that fails is logged', async () => {
    const { scripted, lines } = await opened(mtu(1400));
    scripted.events?.failed(new Error('no more handles'));
    expect(lines.at(-1)).toMatchObject({
      level: 'warn',
      msg: 'NIC configuration file unwatched',
      file: 'nic.json',
      err: { message: 'no more handles' },
    });
  });

  test('nothing is read after the close', async () => {
    const { scripted, source, clock, changes } = await opened(mtu(1400));
    scripted.save(mtu(1300));
    await source.close();
    scripted.events?.touched();
    expect(clock.timers).toBe(0);
    expect(scripted.closed).toBe(true);
    expect(changes).toEqual([]);
  });
});

describe('a NIC configuration file of the machine', () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nic-config-'));
    file = join(folder, 'nic.json');
  });

  afterEach(() => rm(folder, { recursive: true }));

  test.each([
    ['that does not exist', () => file, 'found no such file'],
    ['that is a folder', () => folder, 'found a directory'],
  ])('%s is an error', async (_, name, message) => {
    const { log } = new CapturedLog();
    await expect(openNicConfigFile(name(), { clock: systemClock, log })).rejects.toThrow(message);
  });

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
