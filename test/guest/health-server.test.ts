import { request } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import type { GuestVf } from '#guest/guest-os.ts';
import { createHealthServer } from '#guest/health-server.ts';
import { listenOn } from '#shared/listen-on.ts';
import { until } from '#test/kit/world/turn.ts';

const RUNNING: readonly GuestVf[] = [{ device: 'g1/0', phase: 'running' }];
const ASLEEP: readonly GuestVf[] = [{ device: 'g1/0', phase: 'suspended' }];

/** A guest that writes down what it is asked, and its server on a free port. */
class Bench {
  vfs: readonly GuestVf[] = RUNNING;
  readonly asked: string[] = [];
  change: () => Promise<void> = async () => {};
  readonly #server = createHealthServer(this);
  #port = 0;

  suspend(): Promise<void> {
    this.asked.push('suspend');
    return this.change();
  }

  resume(): Promise<void> {
    this.asked.push('resume');
    return this.change();
  }

  async listen(): Promise<this> {
    this.#port = await listenOn(this.#server, { host: '127.0.0.1', port: 0 });
    return this;
  }

  /** Sends a request as it is; fetch would not send these headers. */
  ask(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
    body = '',
  ): Promise<{ readonly status: number | undefined; readonly body: unknown }> {
    return new Promise((resolve, reject) => {
      const sent = request({ port: this.#port, method, path, headers }, (response) => {
        let text = '';
        response.on('data', (piece: Buffer) => {
          text += piece.toString();
        });
        response.on('end', () => resolve({ status: response.statusCode, body: JSON.parse(text) }));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

let bench: Bench | undefined;
afterEach(() => bench?.close());

describe('the health server of a guest', () => {
  test.each<[string, readonly GuestVf[]]>([
    ['no VF', []],
    ['a VF that sleeps', ASLEEP],
    ['one VF of two that runs', [...RUNNING, { device: 'g1/1', phase: 'handshake' }]],
  ])('answers 503 with %s', async (_what, vfs) => {
    bench = await new Bench().listen();
    bench.vfs = vfs;
    expect(await bench.ask('GET', '/health')).toEqual({
      status: 503,
      body: { status: 'not-running', vfs },
    });
  });

  test('answers 200 when every VF runs', async () => {
    bench = await new Bench().listen();
    expect(await bench.ask('GET', '/')).toEqual({
      status: 200,
      body: { status: 'ok', vfs: RUNNING },
    });
  });

  test.each<[string, string, Readonly<Record<string, string>>]>([
    ['a page of another site', '/suspend', { origin: 'https://page.example' }],
    ['a page that hides its origin', '/suspend', { origin: 'null' }],
    ['a page whose name was made to mean this machine', '/resume', { host: 'page.example:80' }],
  ])('refuses %s with 403, and changes nothing', async (_who, path, headers) => {
    bench = await new Bench().listen();
    expect(await bench.ask('POST', path, headers)).toMatchObject({ status: 403 });
    expect(bench.asked).toEqual([]);
  });

  test.each(['/', '/suspend/', '/suspend?now', '/health', '/constructor'])(
    'answers POST %s with 404, and changes nothing',
    async (path) => {
      bench = await new Bench().listen();
      expect(await bench.ask('POST', path)).toMatchObject({ status: 404 });
      expect(bench.asked).toEqual([]);
    },
  );

  test('GET /suspend is a question and changes nothing', async () => {
    bench = await new Bench().listen();
    expect(await bench.ask('GET', '/suspend')).toMatchObject({ status: 200 });
    expect(bench.asked).toEqual([]);
  });

  test('answers POST /suspend and /resume when the VFs are at rest, whatever the body', async () => {
    bench = await new Bench().listen();
    let finish: () => void = () => {};
    bench.change = () =>
      new Promise((resolve) => {
        finish = resolve;
      });
    let answered = false;
    const asleep = bench.ask('POST', '/suspend', {}, 'x'.repeat(100_000)).then((answer) => {
      answered = true;
      return answer;
    });
    await until('the guest is asked', () => bench?.asked.length === 1);
    expect(answered).toBe(false);
    bench.vfs = ASLEEP;
    finish();
    expect(await asleep).toEqual({ status: 200, body: { vfs: ASLEEP } });
    const awake = bench.ask('POST', '/resume');
    await until('the guest is asked', () => bench?.asked.length === 2);
    bench.vfs = RUNNING;
    finish();
    expect(await awake).toEqual({ status: 200, body: { vfs: RUNNING } });
    expect(bench.asked).toEqual(['suspend', 'resume']);
  });

  test('answers 500 when the guest fails, and lives on', async () => {
    bench = await new Bench().listen();
    bench.change = () => Promise.reject(new Error('broken'));
    expect(await bench.ask('POST', '/suspend')).toMatchObject({ status: 500 });
    expect(await bench.ask('GET', '/')).toMatchObject({ status: 200 });
  });
});
