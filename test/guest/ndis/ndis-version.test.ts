import { describe, expect, test } from 'vitest';
import { type NdisVersion, ndisIssuesInvalidate } from '#guest/ndis/ndis-version.ts';

function version(majorNdisVersion: number, minorNdisVersion: number): NdisVersion {
  return { majorNdisVersion, minorNdisVersion };
}

describe('the version that a miniport registers with', () => {
  test.each<[string, unknown]>([
    ['5.1', version(5, 1)],
    ['6.0.5', version(6, 0.5)],
    ['one beyond a UCHAR', version(6, 256)],
    ['one that is text', { majorNdisVersion: '6', minorNdisVersion: '30' }],
    ['one without numbers', {}],
  ])('%s is NDIS_STATUS_BAD_VERSION', (_what, bad) => {
    expect(() => ndisIssuesInvalidate(bad as NdisVersion)).toThrow('NDIS_STATUS_BAD_VERSION');
  });

  test.each([
    [6, 0, false],
    [6, 1, false],
    [6, 20, false],
    [6, 29, false],
    [6, 30, true],
    [6, 89, true],
    [10, 0, true],
  ])('%i.%i: NDIS issues IOCTL_VPCI_INVALIDATE_BLOCK: %s', (major, minor, issues) => {
    expect(ndisIssuesInvalidate(version(major, minor))).toBe(issues);
  });

  test('without one, NDIS issues IOCTL_VPCI_INVALIDATE_BLOCK', () => {
    expect(ndisIssuesInvalidate(undefined)).toBe(true);
  });
});
