import { describe, expect, test } from 'vitest';
import { IOCTL, ioctlName } from '#guest/io/ioctl.ts';

describe('the VPCI IOCTLs', () => {
  test.each([
    ['IOCTL_VPCI_INVALIDATE_BLOCK', 0x002ac007],
    ['IOCTL_VPCI_READ_BLOCK', 0x002ac00b],
    ['IOCTL_VPCI_WRITE_BLOCK', 0x002ac00f],
  ] as const)(
    '%s has its documented value [constants.ioctl-vpci-invalidate-block] [constants.ioctl-vpci-read-block] [constants.ioctl-vpci-write-block]',
    (name, value) => {
      expect(IOCTL[name]).toBe(value);
      expect(ioctlName(value)).toBe(name);
    },
  );

  test('a code without a name prints as hexadecimal', () => {
    expect(ioctlName(0x00226054)).toBe('0x00226054');
  });
});
