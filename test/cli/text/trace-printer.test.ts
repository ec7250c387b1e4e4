import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { newTracePrinter, TRACE_FORMATS } from '#cli/text/trace-printer.ts';
import { eventOf } from '#test/host/control/trace-events.ts';

function ioOf(terminal: { readonly columns?: number; readonly isTTY?: boolean }, env = {}) {
  const stdout = Object.assign(new Writable(), terminal);
  return { stdout, stderr: new Writable(), env, interrupted: () => Promise.resolve() };
}

describe('newTracePrinter', () => {
  test.each(TRACE_FORMATS)('%s tells of events that are missing', (format) => {
    const text = newTracePrinter(format, ioOf({}))({ dropped: 12 });
    expect(text).toBe(
      format === 'json'
        ? '{"dropped":12}\n'
        : '(12 events missing here: this reader was too slow)\n',
    );
  });

  test.each(TRACE_FORMATS)('%s lets nothing of a guest reach the terminal', (format) => {
    const event = eventOf(1, { name: 'evil\u001b[2J\u009b', note: 'more\r\u202e' });
    const text = newTracePrinter(format, ioOf({ columns: 200 }))(event);
    expect(text).toContain('evil');
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test('a ladder has colours on a terminal alone, and not against NO_COLOR', () => {
    const control = '\u001b[';
    const draw = (io: Parameters<typeof newTracePrinter>[1]): string =>
      newTracePrinter('ladder', io)(eventOf(1));
    expect(draw(ioOf({ isTTY: true, columns: 80 }))).toContain(control);
    expect(draw(ioOf({ columns: 80 }))).not.toContain(control);
    expect(draw(ioOf({ isTTY: true, columns: 80 }, { NO_COLOR: '1' }))).not.toContain(control);
  });

  test('a ladder is as wide as the terminal is at the time', () => {
    const terminal = { columns: 80 };
    const io = ioOf(terminal);
    const printer = newTracePrinter('ladder', io);
    const long = {
      name: 'OID_SRIOV_WRITE_VF_CONFIG_BLOCK',
      device: 'g1/0',
      blockId: 4_294_967_295,
    };
    printer(eventOf(1, long));
    const narrow = printer(eventOf(2, long));
    Object.assign(io.stdout, { columns: 200 });
    const wide = printer(eventOf(3, long));
    expect(narrow).not.toContain('block 4294967295');
    expect(wide).toContain('block 4294967295');
  });
});
