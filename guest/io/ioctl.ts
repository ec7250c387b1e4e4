import { statusHex } from '#shared/nt/ntstatus.ts';

/** FILE_DEVICE_VPCI, which is FILE_DEVICE_BUS_EXTENDER. Source: vpci.h. */
const FILE_DEVICE_VPCI = 0x2a;
const METHOD_NEITHER = 3;
const FILE_READ_AND_WRITE_DATA = 3;

/** CTL_CODE: the device type, the access, the function and the method of an IOCTL in one number. */
function ctlCode(deviceType: number, code: number, method: number, access: number): number {
  return ((deviceType << 16) | (access << 14) | (code << 2) | method) >>> 0;
}

function vpciCtlCode(code: number): number {
  return ctlCode(FILE_DEVICE_VPCI, code, METHOD_NEITHER, FILE_READ_AND_WRITE_DATA);
}

/** The IOCTLs that the VPCI driver services. Source: vpci.h. */
export const IOCTL = {
  /** 0x002AC007 */
  IOCTL_VPCI_INVALIDATE_BLOCK: vpciCtlCode(1),
  /** 0x002AC00B */
  IOCTL_VPCI_READ_BLOCK: vpciCtlCode(2),
  /** 0x002AC00F */
  IOCTL_VPCI_WRITE_BLOCK: vpciCtlCode(3),
};

const names = new Map<number, string>(Object.entries(IOCTL).map(([name, code]) => [code, name]));

/** `IOCTL_VPCI_READ_BLOCK`, or hexadecimal for a code without a name here. */
export function ioctlName(code: number): string {
  return names.get(code) ?? statusHex(code);
}
