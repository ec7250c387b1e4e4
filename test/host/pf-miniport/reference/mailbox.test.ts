import { describe, expect, test } from 'vitest';
import { createReferencePf, InMemoryNicConfig } from '#host/pf-miniport/reference/index.ts';
import type { NicConfigInput } from '#host/pf-miniport/reference/nic-config.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { readContentVersions } from '#shared/reference-nic/content-versions.ts';
import { encodeMailboxRequest } from '#shared/reference-nic/mailbox-request.ts';
import { decodeMailboxVerdict } from '#shared/reference-nic/mailbox-verdict.ts';
import { decodePortAttributes } from '#shared/reference-nic/port-attributes.ts';
import { PfUnderTest } from './pf-under-test.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_INVALID_DATA } = NDIS_STATUS;

/** A PF with two VFs, their mailboxes, and its configuration. */
class Mailboxes {
  readonly pf: PfUnderTest;
  readonly source: InMemoryNicConfig;

  constructor(pf: PfUnderTest, source: InMemoryNicConfig) {
    this.pf = pf;
    this.source = source;
  }

  static async start(config: NicConfigInput = {}): Promise<Mailboxes> {
    const source = new InMemoryNicConfig(config);
    const pf = await PfUnderTest.start(createReferencePf({ source }));
    await pf.allocateVf();
    await pf.allocateVf();
    return new Mailboxes(pf, source);
  }

  askMac(vfId: number, macAddress: string, sequence = 1): Promise<number> {
    const request = { kind: 'setMacAddress', sequence, macAddress } as const;
    return this.pf.write(vfId, 16, encodeMailboxRequest(request));
  }

  askMtu(vfId: number, mtu: number, sequence = 1): Promise<number> {
    return this.pf.write(vfId, 16, encodeMailboxRequest({ kind: 'setMtu', sequence, mtu }));
  }

  async verdict(vfId: number): Promise<unknown> {
    return decodeMailboxVerdict(await this.pf.bytes(vfId, 16));
  }

  async mac(vfId: number): Promise<string | undefined> {
    return decodePortAttributes(await this.pf.bytes(vfId, 0))?.macAddress;
  }

  async mtu(vfId: number): Promise<number | undefined> {
    return decodePortAttributes(await this.pf.bytes(vfId, 0))?.mtu;
  }
}

const MAC = '02:aa:bb:cc:dd:01';
/** The permanent address of the VF that was allocated first. */
const FIRST_MAC = '02:15:5d:00:00:01';

describe('a write to the mailbox that is no request', () => {
  test.each([
    ['is too short', '01 00 01 00 02 00 00 00 dc 05 00 00 00 00 00'],
    ['has another layout version', '02 00 01 00 02 00 00 00 dc 05 00 00 00 00 00 00'],
    ['is of an unknown kind', '01 00 01 00 03 00 00 00 dc 05 00 00 00 00 00 00'],
  ])('%s: it is refused, and the verdict before it stays', async (_, hex) => {
    const mailboxes = await Mailboxes.start();
    await mailboxes.askMtu(0, 1400, 9);
    const data = Buffer.from(hex.replaceAll(' ', ''), 'hex');
    expect(await mailboxes.pf.write(0, 16, data)).toBe(NDIS_STATUS_INVALID_DATA);
    expect(await mailboxes.verdict(0)).toMatchObject({ outcome: 'granted', sequence: 9 });
    expect(mailboxes.pf.logged.lines.at(-1)).toMatchObject({
      level: 'warn',
      msg: 'mailbox write is no request',
      vfId: 0,
    });
  });
});

describe('a request that the configuration does not allow', () => {
  const LIST = { macAddresses: ['0a:00:00:00:00:01'] };
  test.each<[string, NicConfigInput, string, string]>([
    ['a group address', {}, '03:00:00:00:00:01', 'notUnicast'],
    ['an address of zeros', {}, '00:00:00:00:00:00', 'notUnicast'],
    ['an address of a manufacturer', {}, '00:15:5d:00:00:01', 'addressNotAllowed'],
    ['any address', { defaults: { mailbox: { macAddresses: 'none' } } }, MAC, 'addressNotAllowed'],
    ['one not on the list', { defaults: { mailbox: LIST } }, MAC, 'addressNotAllowed'],
    ['the permanent one of another VF', {}, '02:15:5d:00:00:02', 'addressInUse'],
    ['the address of a VF', { vfs: { 1: { mac: MAC } } }, MAC, 'addressInUse'],
    ['that of a VF that is not allocated', { vfs: { 9: { mac: MAC } } }, MAC, 'addressInUse'],
  ])('is refused: %s', async (_, config, macAddress, reason) => {
    const mailboxes = await Mailboxes.start(config);
    expect(await mailboxes.askMac(0, macAddress, 5)).toBe(NDIS_STATUS_INVALID_DATA);
    expect(await mailboxes.verdict(0)).toEqual({
      outcome: 'refused',
      sequence: 5,
      kind: 'setMacAddress',
      reason,
    });
    expect(await mailboxes.mac(0)).toBe(FIRST_MAC);
    expect(mailboxes.pf.invalidations).toEqual([]);
  });

  test('is refused: an address that another VF has asked for', async () => {
    const mailboxes = await Mailboxes.start();
    expect(await mailboxes.askMac(1, MAC)).toBe(NDIS_STATUS_SUCCESS);
    expect(await mailboxes.askMac(0, MAC)).toBe(NDIS_STATUS_INVALID_DATA);
    expect(await mailboxes.verdict(0)).toMatchObject({ reason: 'addressInUse' });
    expect(await mailboxes.verdict(1)).toMatchObject({ outcome: 'granted' });
  });

  test.each([1399, 1601, 0, 0xffff_ffff])('is refused: MTU %d out of its range', async (mtu) => {
    const config = { defaults: { mailbox: { mtu: { min: 1400, max: 1600 } } } };
    const mailboxes = await Mailboxes.start(config);
    expect(await mailboxes.askMtu(0, mtu)).toBe(NDIS_STATUS_INVALID_DATA);
    expect(await mailboxes.verdict(0)).toMatchObject({ kind: 'setMtu', reason: 'mtuOutOfRange' });
    expect(await mailboxes.mtu(0)).toBe(1500);
    expect(mailboxes.pf.logged.lines.at(-1)).toEqual({
      level: 'info',
      msg: 'mailbox request refused',
      vfId: 0,
      kind: 'setMtu',
      value: mtu,
      reason: 'mtuOutOfRange',
    });
  });
});

describe('a request that the configuration allows', () => {
  test('has no verdict before it is made', async () => {
    const mailboxes = await Mailboxes.start();
    expect(await mailboxes.verdict(0)).toEqual({ outcome: 'none' });
  });

  test('changes block 0 of its VF, and invalidates it for that VF only', async () => {
    const mailboxes = await Mailboxes.start();
    const other = await mailboxes.pf.bytes(1, 0);
    expect(await mailboxes.askMac(0, MAC, 5)).toBe(NDIS_STATUS_SUCCESS);
    expect(await mailboxes.mac(0)).toBe(MAC);
    expect(await mailboxes.verdict(0)).toEqual({
      outcome: 'granted',
      sequence: 5,
      kind: 'setMacAddress',
    });
    expect(mailboxes.pf.invalidations).toEqual([{ vfId: 0, blocks: [0] }]);
    expect(readContentVersions(await mailboxes.pf.bytes(0, 0))).toEqual([2, 1, 1]);
    expect(await mailboxes.pf.bytes(1, 0)).toEqual(other);
    expect(mailboxes.pf.logged.with('mailbox request granted')).toEqual([
      { level: 'info', msg: 'mailbox request granted', vfId: 0, kind: 'setMacAddress', value: MAC },
    ]);
  });

  test.each([1400, 1600])('may be at the end of the range: MTU %d', async (mtu) => {
    const config = { vfs: { 0: { mailbox: { mtu: { min: 1400, max: 1600 } } } } };
    const mailboxes = await Mailboxes.start(config);
    expect(await mailboxes.askMtu(0, mtu)).toBe(NDIS_STATUS_SUCCESS);
    expect(await mailboxes.mtu(0)).toBe(mtu);
  });

  test('may ask for an address on the list, however it is written there', async () => {
    const config = { defaults: { mailbox: { macAddresses: ['00-15-5D-00-00-0A'] } } };
    const mailboxes = await Mailboxes.start(config);
    expect(await mailboxes.askMac(0, '00:15:5d:00:00:0a')).toBe(NDIS_STATUS_SUCCESS);
  });

  test('for what is in force already is granted, and invalidates nothing', async () => {
    const mailboxes = await Mailboxes.start();
    expect(await mailboxes.askMac(0, FIRST_MAC)).toBe(NDIS_STATUS_SUCCESS);
    expect(await mailboxes.askMtu(0, 1500)).toBe(NDIS_STATUS_SUCCESS);
    expect(mailboxes.pf.invalidations).toEqual([]);
  });

  test('is shown in the report on the VF', async () => {
    const mailboxes = await Mailboxes.start();
    await mailboxes.askMac(0, MAC);
    await mailboxes.askMtu(0, 9217, 2);
    expect(mailboxes.pf.miniport.reportVf?.(0).details).toMatchObject({
      attributes: { macAddress: MAC },
      requested: { macAddress: MAC },
      mailbox: { outcome: 'refused', sequence: 2, kind: 'setMtu', reason: 'mtuOutOfRange' },
    });
  });
});

describe('a value that was asked for and granted', () => {
  test('stands while the configuration of other fields and other VFs changes', async () => {
    const mailboxes = await Mailboxes.start();
    await mailboxes.askMac(0, MAC);
    await mailboxes.askMtu(0, 1400);
    mailboxes.source.change({
      defaults: { vlan: 5, mailbox: { macAddresses: 'none', mtu: { min: 9000, max: 9000 } } },
      vfs: { 1: { mtu: 2000 } },
    });
    expect(await mailboxes.mac(0)).toBe(MAC);
    expect(await mailboxes.mtu(0)).toBe(1400);
  });

  test('ends when the configured value of its field changes, and only it', async () => {
    const mailboxes = await Mailboxes.start();
    await mailboxes.askMac(0, MAC);
    await mailboxes.askMtu(0, 1400);
    mailboxes.source.change({ defaults: { mtu: 2000 } });
    expect(await mailboxes.mtu(0)).toBe(2000);
    expect(await mailboxes.mac(0)).toBe(MAC);
    mailboxes.source.change({ vfs: { 0: { mac: '0a:00:00:00:00:01' } } });
    expect(await mailboxes.mac(0)).toBe('0a:00:00:00:00:01');
  });

  test('ends when the configuration gives its address to another VF', async () => {
    const mailboxes = await Mailboxes.start();
    await mailboxes.askMac(0, MAC);
    mailboxes.source.change({ vfs: { 1: { mac: MAC } } });
    expect(await mailboxes.mac(0)).toBe(FIRST_MAC);
    expect(await mailboxes.mac(1)).toBe(MAC);
    expect(mailboxes.pf.invalidations.slice(1)).toEqual([
      { vfId: 0, blocks: [0] },
      { vfId: 1, blocks: [0] },
    ]);
  });

  test('ends when the configuration leaves its address to the VF that NDIS knows by it', async () => {
    const second = '02:15:5d:00:00:02';
    const mailboxes = await Mailboxes.start({ vfs: { 1: { mac: '0a:00:00:00:00:01' } } });
    expect(await mailboxes.askMac(0, second)).toBe(NDIS_STATUS_SUCCESS);
    mailboxes.source.change({});
    expect(await mailboxes.mac(0)).toBe(FIRST_MAC);
    expect(await mailboxes.mac(1)).toBe(second);
  });

  test('ends when a VF is allocated that NDIS knows by its address', async () => {
    const third = '02:15:5d:00:00:03';
    const mailboxes = await Mailboxes.start();
    await mailboxes.askMac(1, third);
    expect(await mailboxes.pf.allocateVf()).toBe(2);
    expect(await mailboxes.mac(2)).toBe(third);
    expect(await mailboxes.mac(1)).toBe('02:15:5d:00:00:02');
    expect(mailboxes.pf.invalidations.slice(1)).toEqual([{ vfId: 1, blocks: [0] }]);
    expect(mailboxes.pf.logged.lines.at(-1)).toMatchObject({ by: 'allocation', vfId: 1 });
  });

  test('ends when the VF is reset, which tells the VF and goes on with its versions', async () => {
    const mailboxes = await Mailboxes.start();
    await mailboxes.askMac(0, MAC);
    await mailboxes.askMac(1, '02:aa:bb:cc:dd:02');
    await mailboxes.pf.resetVf(0);
    expect(await mailboxes.mac(0)).toBe(FIRST_MAC);
    expect(await mailboxes.verdict(0)).toEqual({ outcome: 'none' });
    expect(readContentVersions(await mailboxes.pf.bytes(0, 0))).toEqual([3, 1, 1]);
    expect(mailboxes.pf.invalidations.slice(2)).toEqual([{ vfId: 0, blocks: [0] }]);
    expect(await mailboxes.mac(1)).toBe('02:aa:bb:cc:dd:02');
    expect(mailboxes.pf.logged.lines.at(-1)).toMatchObject({ by: 'reset', blocks: [0] });
  });

  test('ends when the VF is freed, and another may have its address', async () => {
    const mailboxes = await Mailboxes.start();
    await mailboxes.askMac(0, MAC);
    await mailboxes.pf.freeVf(0);
    expect(await mailboxes.askMac(1, MAC)).toBe(NDIS_STATUS_SUCCESS);
    expect(await mailboxes.pf.allocateVf()).toBe(0);
    expect(await mailboxes.mac(0)).toBe('02:15:5d:00:00:03');
    expect(await mailboxes.verdict(0)).toEqual({ outcome: 'none' });
  });
});
