import { describe, expect, test } from 'vitest';
import { IOCTL } from '#guest/io/ioctl.ts';
import { IRP_MJ_DEVICE_CONTROL, type IrpParameters } from '#guest/io/irp.ts';
import { newReadBlockInput, newWriteBlockInput } from '#guest/io/vpci-structures.ts';
import { NTSTATUS, type NtStatus } from '#shared/nt/ntstatus.ts';
import { turn } from '#test/kit/world/turn.ts';
import { DriverBench } from '#test/support/driver-bench.ts';
import { bytes } from '#test/support/hex.ts';
import { VpciBench } from '#test/support/vpci-bench.ts';

const { IOCTL_VPCI_READ_BLOCK, IOCTL_VPCI_WRITE_BLOCK, IOCTL_VPCI_INVALIDATE_BLOCK } = IOCTL;
const { STATUS_INVALID_PARAMETER, STATUS_INVALID_DEVICE_REQUEST, STATUS_BUFFER_TOO_SMALL } =
  NTSTATUS;

const readInput = newReadBlockInput(5, 16);
const writeInput = newWriteBlockInput(5, new Uint8Array(16));
const noInput = { type3InputBuffer: undefined, inputBufferLength: 136 };

type Row = readonly [what: string, ioControlCode: number, Partial<IrpParameters>, NtStatus];

const REFUSED: readonly Row[] = [
  [
    'READ: InputBufferLength 7 [ioctl.read.input-too-small]',
    IOCTL_VPCI_READ_BLOCK,
    { type3InputBuffer: readInput, inputBufferLength: 7, userBuffer: new Uint8Array(16) },
    STATUS_BUFFER_TOO_SMALL,
  ],
  [
    'READ: a buffer shorter than InputBufferLength says [ioctl.buffer-shorter-than-its-length]',
    IOCTL_VPCI_READ_BLOCK,
    {
      type3InputBuffer: readInput.subarray(0, 7),
      inputBufferLength: 8,
      userBuffer: new Uint8Array(16),
    },
    STATUS_BUFFER_TOO_SMALL,
  ],
  [
    'READ: OutputBufferLength below BytesRequested [ioctl.read.output-too-small]',
    IOCTL_VPCI_READ_BLOCK,
    { type3InputBuffer: readInput, userBuffer: new Uint8Array(15) },
    STATUS_BUFFER_TOO_SMALL,
  ],
  [
    'READ: a UserBuffer shorter than OutputBufferLength says',
    IOCTL_VPCI_READ_BLOCK,
    { type3InputBuffer: readInput, userBuffer: new Uint8Array(15), outputBufferLength: 16 },
    STATUS_BUFFER_TOO_SMALL,
  ],
  [
    'READ: UserBuffer NULL [ioctl.null-pointer]',
    IOCTL_VPCI_READ_BLOCK,
    { type3InputBuffer: readInput, outputBufferLength: 16 },
    STATUS_INVALID_PARAMETER,
  ],
  [
    'READ: Type3InputBuffer NULL [ioctl.null-pointer]',
    IOCTL_VPCI_READ_BLOCK,
    { ...noInput, userBuffer: new Uint8Array(16) },
    STATUS_INVALID_PARAMETER,
  ],
  [
    'READ: BytesRequested 0 [read.length-0-or-above-128]',
    IOCTL_VPCI_READ_BLOCK,
    { type3InputBuffer: newReadBlockInput(5, 0), userBuffer: new Uint8Array(16) },
    STATUS_INVALID_PARAMETER,
  ],
  [
    'READ: BytesRequested 129 [read.length-0-or-above-128]',
    IOCTL_VPCI_READ_BLOCK,
    { type3InputBuffer: newReadBlockInput(5, 129), userBuffer: new Uint8Array(129) },
    STATUS_INVALID_PARAMETER,
  ],
  [
    'READ: BytesRequested 0xFFFFFFFF',
    IOCTL_VPCI_READ_BLOCK,
    { type3InputBuffer: newReadBlockInput(5, 0xffff_ffff), userBuffer: new Uint8Array(16) },
    STATUS_INVALID_PARAMETER,
  ],
  [
    'WRITE: InputBufferLength 11 [ioctl.write.input-too-small] [contradiction.write-input-length]',
    IOCTL_VPCI_WRITE_BLOCK,
    { type3InputBuffer: newWriteBlockInput(5, new Uint8Array(1)), inputBufferLength: 11 },
    STATUS_BUFFER_TOO_SMALL,
  ],
  [
    'WRITE: InputBufferLength below 8 + DataLength [ioctl.write.data-beyond-input] [contradiction.write-input-length]',
    IOCTL_VPCI_WRITE_BLOCK,
    { type3InputBuffer: writeInput, inputBufferLength: 23 },
    STATUS_BUFFER_TOO_SMALL,
  ],
  [
    'WRITE: a buffer shorter than 8 + DataLength [ioctl.buffer-shorter-than-its-length]',
    IOCTL_VPCI_WRITE_BLOCK,
    { type3InputBuffer: writeInput.subarray(0, 23), inputBufferLength: 24 },
    STATUS_BUFFER_TOO_SMALL,
  ],
  [
    'WRITE: Type3InputBuffer NULL [ioctl.null-pointer]',
    IOCTL_VPCI_WRITE_BLOCK,
    noInput,
    STATUS_INVALID_PARAMETER,
  ],
  [
    'WRITE: DataLength 0 [write.length-0-or-above-128]',
    IOCTL_VPCI_WRITE_BLOCK,
    { type3InputBuffer: newWriteBlockInput(5, new Uint8Array(0)) },
    STATUS_INVALID_PARAMETER,
  ],
  [
    'WRITE: DataLength 129 [write.length-0-or-above-128]',
    IOCTL_VPCI_WRITE_BLOCK,
    { type3InputBuffer: newWriteBlockInput(5, new Uint8Array(129)) },
    STATUS_INVALID_PARAMETER,
  ],
  [
    'WRITE: DataLength 0xFFFFFFFF',
    IOCTL_VPCI_WRITE_BLOCK,
    { type3InputBuffer: bytes('05 00 00 00 FF FF FF FF 00 00 00 00') },
    STATUS_INVALID_PARAMETER,
  ],
  [
    'INVALIDATE: InputBufferLength 7 [ioctl.invalidate.input-too-small]',
    IOCTL_VPCI_INVALIDATE_BLOCK,
    { type3InputBuffer: new Uint8Array(8), inputBufferLength: 7 },
    STATUS_BUFFER_TOO_SMALL,
  ],
  [
    'INVALIDATE: a buffer shorter than InputBufferLength says',
    IOCTL_VPCI_INVALIDATE_BLOCK,
    { type3InputBuffer: new Uint8Array(7), inputBufferLength: 8 },
    STATUS_BUFFER_TOO_SMALL,
  ],
  [
    'INVALIDATE: Type3InputBuffer NULL [ioctl.null-pointer]',
    IOCTL_VPCI_INVALIDATE_BLOCK,
    noInput,
    STATUS_INVALID_PARAMETER,
  ],
  [
    'READ under IRP_MJ_DEVICE_CONTROL, which user mode can send [contradiction.major-function]',
    IOCTL_VPCI_READ_BLOCK,
    {
      majorFunction: IRP_MJ_DEVICE_CONTROL,
      type3InputBuffer: readInput,
      userBuffer: new Uint8Array(16),
    },
    STATUS_INVALID_DEVICE_REQUEST,
  ],
  [
    'INVALIDATE under IRP_MJ_DEVICE_CONTROL [contradiction.major-function]',
    IOCTL_VPCI_INVALIDATE_BLOCK,
    { majorFunction: IRP_MJ_DEVICE_CONTROL, type3InputBuffer: new Uint8Array(8) },
    STATUS_INVALID_DEVICE_REQUEST,
  ],
  [
    'READ under IRP_MJ_READ [ioctl.unknown-request]',
    IOCTL_VPCI_READ_BLOCK,
    { majorFunction: 0x03, type3InputBuffer: readInput, userBuffer: new Uint8Array(16) },
    STATUS_INVALID_DEVICE_REQUEST,
  ],
  [
    'a code that is none of the three [ioctl.unknown-request]',
    0x002ac013,
    { type3InputBuffer: readInput },
    STATUS_INVALID_DEVICE_REQUEST,
  ],
  [
    "IOCTL_SRIOV_INVALIDATE_BLOCK, which is the PF's",
    0x00226054,
    { type3InputBuffer: readInput },
    STATUS_INVALID_DEVICE_REQUEST,
  ],
];

describe('a request that the VPCI driver refuses at once', () => {
  test.each(REFUSED)('from NDIS: %s', async (_what, ioControlCode, parameters, status) => {
    const bench = new VpciBench();
    const end = bench.call({ ioControlCode, ...parameters });
    expect(end.returned).toBe(status);
    expect(end.irp.ioStatus).toEqual({ status, information: 0 });
    expect(end.completions).toBe(1);
    await turn();
    expect(bench.host.received).toEqual([]);
  });

  test.each(REFUSED)(
    'from a driver of the VF: %s',
    async (_what, ioControlCode, parameters, status) => {
      const bench = new DriverBench();
      const end = bench.send({ ioControlCode, ...parameters });
      expect(end.returned).toBe(status);
      expect(end.irp.ioStatus).toEqual({ status, information: 0 });
      expect(end.completions).toBe(1);
      expect(bench.broken).toEqual([]);
      await turn();
      expect(bench.vpci.host.received).toEqual([]);
    },
  );
});
