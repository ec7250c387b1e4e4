import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { CLOSE_CODES, MAX_FRAME_BYTES } from '#shared/transport/close-codes.ts';
import type { CommandProcess } from './support/command-process.ts';
import { Lab, type ListeningHost } from './support/lab.ts';
import { takePulse } from './support/pulse.ts';
import { RawSocket, type RawSocketOptions } from './support/raw-socket.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let lab: Lab;
let host: ListeningHost;
let neighbour: CommandProcess;
let token: string;
beforeAll(async () => {
  lab = await Lab.create();
  await lab.copyDrivers();
  host = await lab.startHost(['--pf-miniport', 'notes-pf.ts']);
  token = await lab.channelToken();
  neighbour = await lab.attachGuest(host, 'neighbour', ['--vf-miniport', 'notes-vf.ts']);
});
afterAll(() => lab.end());

function open(options: Partial<RawSocketOptions> = {}): Promise<RawSocket> {
  return RawSocket.open({ url: host.channelUrl, token, query: 'vm=raw&vf=0', ...options });
}

function packet(message: object, transactionId: unknown = 1): string {
  return JSON.stringify({ packet: 'in-band', transactionId, completionRequested: true, message });
}

const READ = { type: 'READ_BLOCK', blockId: 0, slot: 0, bytesRequested: 128 };

/** How many channels are opened, and closed in one way or another, before the last test. */
const CHANNELS_OPENED = 7;

describe('an opening request', () => {
  test.each<[string, Partial<RawSocketOptions>, string]>([
    ['with another token', { token: 'guessed' }, 'HTTP 401'],
    ['of another subprotocol', { subprotocol: 'vpci.sriov-backchannel.v9' }, 'HTTP 400'],
    ['that names no VM', { query: 'vf=0' }, 'HTTP 400'],
    ['that names its VM with a path', { query: 'vm=..%2F..&vf=0' }, 'HTTP 400'],
    ['of a VF with no number', { query: 'vm=raw&vf=many' }, 'HTTP 400'],
  ])('%s is refused before there is a channel', async (_what, options, status) => {
    await expect(open(options)).rejects.toThrow(status);
  });
});

describe('the channel of a guest', () => {
  test.each<[string, string | Uint8Array, keyof typeof CLOSE_CODES]>([
    ['a frame that is not JSON', 'READ_BLOCK', 'malformedFrame'],
    ['JSON that is no packet', '[]', 'malformedFrame'],
    ['a transaction id that is no number', packet(READ, 'one'), 'malformedFrame'],
    ['a frame that is too large', 'x'.repeat(MAX_FRAME_BYTES + 1), 'frameTooLarge'],
    ['a binary frame', Buffer.from(packet(READ)), 'binaryFrame'],
  ])('is closed with its code after %s', async (_what, data, name) => {
    const guest = await open();
    await guest.enterD0();
    guest.send(data);
    expect(await guest.closed).toBe(CLOSE_CODES[name].code);
  });

  test('is closed with protocolError when a message comes before the version query', async () => {
    const guest = await open();
    guest.send(packet(READ));
    expect(await guest.closed).toBe(CLOSE_CODES.protocolError.code);
  });

  test('lives on after a message of an unknown type, or one that is not in its schema, which are answered STATUS_BAD_DATA', async () => {
    const guest = await open();
    await guest.enterD0();
    const { type: _type, ...read } = READ;
    for (const [type, fields] of [
      ['READ_BLOCKS', { blockId: 0 }],
      ['READ_BLOCK', { ...read, blockId: -1 }],
      ['READ_BLOCK', { ...read, vfId: 1 }],
    ] as const) {
      expect(await guest.ask(type, fields)).toEqual({ status: NTSTATUS.STATUS_BAD_DATA });
    }
    expect(await guest.ask('READ_BLOCK', read)).toMatchObject({ status: NTSTATUS.STATUS_SUCCESS });
    guest.terminate();
  });
});

describe('the VF of another guest', () => {
  test('has run on meanwhile, and is the only one left', async () => {
    const control = await lab.control(host);
    await takePulse(control, neighbour, 'neighbour/0');
    await host.until('the end of every other VF', () => {
      const ends = host.log.filter(
        ({ msg, device }) => msg === 'VF releasing' && device === 'raw/0',
      );
      return ends.length === CHANNELS_OPENED ? ends : undefined;
    });
    const { vfs } = await control.listVfs();
    expect(vfs).toMatchObject([{ device: 'neighbour/0', state: 'running', generation: 1 }]);
    expect(neighbour.log.filter(({ msg }) => msg === 'VF running')).toHaveLength(1);
  });
});
