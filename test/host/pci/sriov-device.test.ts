import { describe, expect, test } from 'vitest';
import { SriovDevice, TOTAL_VFS } from '#host/pci/sriov-device.ts';
import { hex } from '#test/support/hex.ts';

const NONE = new Uint8Array();

/** A device with so many VFs. */
function enabled(numVfs = 2): SriovDevice {
  const device = new SriovDevice();
  expect(device.enable(numVfs)).toBe(true);
  return device;
}

describe('the SR-IOV capability', () => {
  test.each([0, -1, TOTAL_VFS + 1, 1.5, Number.NaN])('takes no NumVFs of %d', (numVfs) => {
    const device = new SriovDevice();
    expect(device.enable(numVfs)).toBe(false);
    expect(device.numVfs).toBe(0);
  });

  test('has room for a routing id of every VFId, each its own', () => {
    const device = enabled(TOTAL_VFS);
    const idOf = (vfId: number): number => {
      const { segmentNumber, busNumber, functionNumber } = device.locationOf(vfId);
      expect(segmentNumber).toBe(1);
      return busNumber * 256 + functionNumber;
    };
    expect(idOf(0)).toBe(1);
    expect(idOf(255)).toBe(256);
    expect(idOf(TOTAL_VFS - 1)).toBe(TOTAL_VFS);
  });

  test('is in the segment that the device has to itself', () => {
    expect(new SriovDevice(7).locationOf(0).segmentNumber).toBe(7);
  });
});

describe('the configuration space of a VF', () => {
  test.each([
    ['of a VF that is not there', 2, 0, 4],
    ['of VF -1', -1, 0, 4],
    ['of no VF', 0.5, 0, 4],
    ['from -1 on', 0, -1, 4],
    ['of no bytes', 0, 0, 0],
    ['of -1 bytes', 0, 0, -1],
    ['beyond its end', 0, 253, 4],
    ['from its end on', 0, 256, 1],
    ['whose end wraps at 32 bits', 0, 4, 0xffff_fffc],
    ['at no offset', 0, Number.NaN, 4],
  ])('a range %s is not read', (_what, vfId, offset, length) => {
    expect(enabled().read(vfId, offset, length)).toBeUndefined();
  });

  test.each([
    ['of a VF that is not there', 2, 0, 4],
    ['of no bytes', 0, 0, 0],
    ['beyond its end', 0, 253, 4],
  ])('a range %s is not written', (_what, vfId, offset, length) => {
    expect(enabled().write(vfId, offset, new Uint8Array(length))).toBe(false);
  });

  test('is not there before virtualization is enabled, nor after it is disabled', () => {
    const device = new SriovDevice();
    expect(device.read(0, 0, 4)).toBeUndefined();
    device.enable(1);
    device.disable();
    expect(device.read(0, 0, 4)).toBeUndefined();
    expect(device.write(0, 4, Uint8Array.of(4))).toBe(false);
  });

  test('is 256 bytes: no ids of its own, an Ethernet controller, a subsystem, BARs that read 0, no capability [actors.vf-registers]', () => {
    const space = enabled().read(0, 0, 256) ?? NONE;
    expect(hex(space.subarray(0, 16))).toBe('FF FF FF FF 00 00 00 00 01 00 00 02 00 00 00 00');
    expect(hex(space.subarray(16, 40))).toBe(hex(new Uint8Array(24)));
    expect(hex(space.subarray(44, 48))).toBe('FE FF 01 00');
    expect(hex(space.subarray(48))).toBe(hex(new Uint8Array(208)));
  });

  test('has one bit that can be written, that of Bus Master, in each VF its own [actors.vf-registers]', () => {
    const device = enabled();
    expect(device.write(1, 0, new Uint8Array(256).fill(0xff))).toBe(true);
    expect(hex(device.read(1, 0, 12) ?? NONE)).toBe('FF FF FF FF 04 00 00 00 01 00 00 02');
    expect(hex(device.read(1, 4, 1) ?? NONE)).toBe('04');
    expect(hex(device.read(1, 5, 1) ?? NONE)).toBe('00');
    expect(hex(device.read(0, 4, 2) ?? NONE)).toBe('00 00');
    expect(device.write(1, 5, Uint8Array.of(0))).toBe(true);
    expect(hex(device.read(1, 4, 2) ?? NONE)).toBe('04 00');
    expect(device.write(1, 4, Uint8Array.of(0xfb))).toBe(true);
    expect(hex(device.read(1, 4, 2) ?? NONE)).toBe('00 00');
  });

  test('forgets what was written when virtualization is disabled', () => {
    const device = enabled();
    device.write(0, 4, Uint8Array.of(4));
    device.disable();
    device.enable(2);
    expect(hex(device.read(0, 4, 1) ?? NONE)).toBe('00');
  });
});

describe('the BARs of a VF', () => {
  test('are two of 64 bits: 16 KiB at 0, 4 KiB at 2 [actors.probed-bars-are-the-vfs]', () => {
    expect(enabled().probedBars).toEqual([
      0xffff_c00c, 0xffff_ffff, 0xffff_f00c, 0xffff_ffff, 0, 0,
    ]);
  });

  test.each([1, 3, 4, 5, 6, -1, 0.5])('have no memory that begins at register %d', (index) => {
    expect(enabled().memoryOf(0, index)).toBeUndefined();
  });

  test('have none in a VF that is not there', () => {
    expect(enabled().memoryOf(2, 0)).toBeUndefined();
  });

  test('have memory that no other BAR has, of no VF and no device', () => {
    const taken: { start: bigint; end: bigint }[] = [];
    for (const segment of [1, 2]) {
      const device = new SriovDevice(segment);
      device.enable(TOTAL_VFS);
      for (const [vfId, index] of [0, 1, TOTAL_VFS - 1].flatMap(
        (id) =>
          [
            [id, 0],
            [id, 2],
          ] as const,
      )) {
        const { start, length } = device.memoryOf(vfId, index) ?? { start: 0n, length: 0 };
        expect(length).toBe(index === 0 ? 0x4000 : 0x1000);
        expect(start % BigInt(length)).toBe(0n);
        taken.push({ start, end: start + BigInt(length) });
      }
    }
    taken.sort((left, right) => (left.start < right.start ? -1 : 1));
    for (const [index, { start }] of taken.entries()) {
      expect(start >= (taken[index - 1]?.end ?? 1n)).toBe(true);
    }
  });
});
