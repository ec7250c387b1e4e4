import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { TraceLine } from '#host/control/trace-line.ts';
import { turn, until } from '#test/kit/world/turn.ts';
import { OperatedHost, refusal } from './operated-host.ts';
import { readTrace, TraceReading } from './trace-reading.ts';

let host: OperatedHost;

beforeEach(async () => {
  host = await OperatedHost.start({ traceHistory: 100 });
});

afterEach(() => host.end());

function record(name: string, note?: string): void {
  host.world.trace.record({ hop: 'oidRequest', name, vfId: 0, note });
}

const named = z.looseObject({ name: z.string() });

function namesOf(lines: readonly TraceLine[]): string[] {
  return lines.map((line) => named.parse(line).name);
}

describe('GET /v1/trace', () => {
  test('a seventeenth reader is refused, until one of the others has gone', async () => {
    const readings = await Promise.all(
      Array.from({ length: 16 }, () => readTrace(host, 'follow=true')),
    );
    const refused = await refusal(await host.fetch('/v1/trace?follow=true'));
    expect(refused.slice(0, 2)).toEqual([429, 'too-many-readers']);
    readings[0]?.response.destroy();
    for (let status = 429; status === 429; await turn()) {
      const response = await host.fetch('/v1/trace');
      await response.text();
      status = response.status;
    }
  });

  test('a HEAD request takes no place', async () => {
    for (let count = 0; count < 20; count++) {
      const response = await host.fetch('/v1/trace?follow=true', { method: 'HEAD' });
      expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    }
    expect((await host.fetch('/v1/trace')).status).toBe(200);
  });

  test('a reader that stands still costs bounded memory, and hears how much it missed', async () => {
    const response = await host.raw('/v1/trace?follow=true&filter=name%3Dflood*', {});
    response.pause();
    const note = 'x'.repeat(2_000);
    const flood = 20_000;
    for (let count = 1; count <= flood; count++) {
      record(`flood${count}`, note);
      if (count % 100 === 0) await turn();
    }
    const reading = new TraceReading(response);
    response.resume();
    await until('the number of missing events', () => reading.received.includes('{"dropped":'));
    record('flood-end');
    await until(
      'the end',
      () => reading.received.endsWith('\n') && reading.received.includes('flood-end'),
    );
    const missing = reading.lines.reduce(
      (sum, line) => sum + ('dropped' in line ? line.dropped : 0),
      0,
    );
    const seen = reading.lines.filter((line) => !('dropped' in line)).length - 1;
    expect(missing).toBeGreaterThan(0);
    expect(missing + seen).toBe(flood);
    response.destroy();
  });

  test('without follow it ends with what is kept, as far as it was asked for', async () => {
    for (const name of ['one', 'two', 'three']) record(name);
    const response = await host.fetch('/v1/trace?recent=2');
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    const lines = (await response.text()).trimEnd().split('\n');
    expect(lines.map((line) => named.parse(JSON.parse(line)).name)).toEqual(['two', 'three']);
    expect(await (await host.fetch('/v1/trace')).text()).toBe('');
  });

  test('with follow the present comes after the past, as the filter lets it', async () => {
    record('one');
    record('other');
    const reading = await readTrace(host, 'follow=true&recent=10&filter=name%3Done%7Ctwo');
    await until('the past', () => reading.lines.length === 1);
    record('other');
    record('two');
    await until('the present', () => reading.lines.length === 2);
    expect(namesOf(reading.lines)).toEqual(['one', 'two']);
  });

  test('what an operator does is seen by who follows, hop by hop', async () => {
    const reading = await readTrace(host, 'follow=true&filter=block%3D3');
    await host.fetch('/v1/vfs/0/blocks/3?length=16');
    await until('the read', () => reading.lines.length === 4);
    expect(reading.lines).toMatchObject([
      { hop: 'oidRequest', name: 'OID_SRIOV_READ_VF_CONFIG_BLOCK', vfId: 0, length: 16 },
      { hop: 'pfMiniportOidRequest' },
      { hop: 'pfMiniportOidRequestComplete', status: 0 },
      { hop: 'oidRequestComplete', status: 0 },
    ]);
  });

  test('after a silent minute comes a blank line', async () => {
    const reading = await readTrace(host, 'follow=true');
    await host.world.clock.advance(60_000);
    await until('a line', () => reading.received !== '');
    expect(reading.received).toBe('\n');
  });
});
