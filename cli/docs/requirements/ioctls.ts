import type { Area } from './requirement.ts';

/** What the VPCI driver does with an IRP, case by case. */
export const IOCTLS: Area = {
  title: 'IOCTLs at the VPCI driver',
  requirements: [
    {
      id: 'ioctl.read.irp',
      rule: 'A read has a VPCI_READ_BLOCK_INPUT of 8 bytes at Type3InputBuffer, the output buffer at UserBuffer, and OutputBufferLength = BytesRequested.',
      source: 'Microsoft Learn: IOCTL_VPCI_READ_BLOCK',
      status: 'emulated',
    },
    {
      id: 'ioctl.invalidate.irp',
      rule: 'An invalidation has a VPCI_INVALIDATE_BLOCK_OUTPUT of 8 bytes at Type3InputBuffer and UserBuffer NULL.',
      source: 'Microsoft Learn: IOCTL_VPCI_INVALIDATE_BLOCK',
      status: 'emulated',
    },
    {
      id: 'ioctl.success',
      rule: 'A request that succeeds is completed with STATUS_SUCCESS and its Information.',
      source: 'Microsoft Learn: IOCTL_VPCI_READ_BLOCK, IOCTL_VPCI_WRITE_BLOCK',
      status: 'emulated',
    },
    {
      id: 'ioctl.pending',
      rule: 'IoCallDriver returns STATUS_PENDING for a request that is accepted and not finished.',
      source: 'Microsoft Learn: IOCTL_VPCI_READ_BLOCK, IOCTL_VPCI_WRITE_BLOCK',
      status: 'emulated',
    },
    {
      id: 'ioctl.read.input-too-small',
      rule: 'A read with InputBufferLength below 8 is STATUS_BUFFER_TOO_SMALL, Information 0.',
      source: 'Microsoft Learn: IOCTL_VPCI_READ_BLOCK',
      status: 'emulated',
    },
    {
      id: 'ioctl.read.output-too-small',
      rule: 'A read with OutputBufferLength below BytesRequested is STATUS_BUFFER_TOO_SMALL, Information 0.',
      source: 'Microsoft Learn: IOCTL_VPCI_READ_BLOCK',
      status: 'emulated',
    },
    {
      id: 'ioctl.read.output-too-large',
      rule: 'A read with OutputBufferLength above BytesRequested is reported and accepted, and BytesRequested is transferred: the page wants them equal and names no status. Who wants it stopped runs the verifier with fatal.',
      source: 'Microsoft Learn: IOCTL_VPCI_READ_BLOCK',
      status: 'decision',
    },
    {
      id: 'ioctl.write.input-too-small',
      rule: 'A write with InputBufferLength below 12, the sizeof of its structure, is STATUS_BUFFER_TOO_SMALL, Information 0.',
      source: 'Microsoft Learn: IOCTL_VPCI_WRITE_BLOCK; vpci.h',
      status: 'emulated',
    },
    {
      id: 'ioctl.write.data-beyond-input',
      rule: 'A write with InputBufferLength below 8 + DataLength is STATUS_BUFFER_TOO_SMALL, Information 0.',
      source: 'Microsoft Learn: IOCTL_VPCI_WRITE_BLOCK',
      status: 'decision',
    },
    {
      id: 'ioctl.output-of-none',
      rule: 'A UserBuffer of a write or an invalidation, or an OutputBufferLength of a write, is reported and ignored: the pages have NULL and 0, and name no status.',
      source: 'Microsoft Learn: IOCTL_VPCI_WRITE_BLOCK, IOCTL_VPCI_INVALIDATE_BLOCK',
      status: 'decision',
    },
    {
      id: 'ioctl.invalidate.input-too-small',
      rule: 'An invalidation with InputBufferLength below 8 is STATUS_BUFFER_TOO_SMALL, Information 0.',
      source: 'Microsoft Learn: IOCTL_VPCI_INVALIDATE_BLOCK',
      status: 'decision',
    },
    {
      id: 'ioctl.buffer-shorter-than-its-length',
      rule: 'A buffer that is shorter than the length in the stack location counts as long as it is: nothing is read or written beyond it.',
      source: 'Microsoft Learn: Buffer Descriptions for I/O Control Codes',
      status: 'decision',
    },
    {
      id: 'ioctl.null-pointer',
      rule: 'Type3InputBuffer NULL, and UserBuffer NULL for a read, are STATUS_INVALID_PARAMETER.',
      source: 'Microsoft Learn: Buffer Descriptions for I/O Control Codes',
      status: 'decision',
    },
    {
      id: 'ioctl.unknown-request',
      rule: 'Another major function, or a code that is none of the three, is STATUS_INVALID_DEVICE_REQUEST.',
      source: 'Microsoft Learn: IOCTL_VPCI_READ_BLOCK and its sibling pages',
      status: 'decision',
    },
    {
      id: 'ioctl.invalidate.second-while-pended',
      rule: 'A second IOCTL_VPCI_INVALIDATE_BLOCK while one is pended is STATUS_INVALID_DEVICE_REQUEST, and the first stays pended.',
      source: 'Microsoft Learn: IOCTL_VPCI_INVALIDATE_BLOCK',
      status: 'decision',
    },
    {
      id: 'ioctl.device-removed',
      rule: 'A driver of a removed device fails what is outstanding and what comes later; the status is STATUS_DEVICE_NOT_CONNECTED, Information 0.',
      source: 'Microsoft Learn: Handling an IRP_MN_SURPRISE_REMOVAL Request',
      status: 'decision',
    },
    {
      id: 'ioctl.invalidate.cancelled',
      rule: 'A pended IOCTL_VPCI_INVALIDATE_BLOCK that is cancelled is completed with STATUS_CANCELLED, Information 0.',
      source: 'Microsoft Learn: Implementing a Cancel Routine',
      status: 'emulated',
    },
    {
      id: 'ioctl.block-request-cancelled',
      rule: 'A read or a write that is cancelled while it waits for the host is completed with STATUS_CANCELLED, Information 0.',
      source: 'Microsoft Learn: Implementing a Cancel Routine, Canceling IRPs',
      status: 'emulated',
    },
    {
      id: 'ioctl.pf-failed',
      rule: 'A request that the PF failed is completed with that failure as an NTSTATUS, Information 0.',
      source: 'Microsoft Learn: IOCTL_VPCI_READ_BLOCK, IOCTL_VPCI_WRITE_BLOCK',
      status: 'decision',
    },
    {
      id: 'ioctl.completed-once',
      rule: 'An IRP is completed once, whatever races: the first completion wins.',
      source: 'Microsoft Learn: IoCompleteRequest',
      status: 'emulated',
    },
    {
      id: 'ioctl.drivers-own-irps',
      rule: 'A driver allocates, reuses and sends IRPs of its own, with an event or a completion routine, and cancels them.',
      source: 'Microsoft Learn: IoAllocateIrp, IoReuseIrp, IoBuildDeviceIoControlRequest',
      status: 'emulated',
    },
    {
      id: 'ioctl.initialize-irp',
      rule: 'A driver may also make an IRP with IoInitializeIrp, in memory of its own.',
      source: 'Microsoft Learn: IoInitializeIrp',
      status: 'not emulated',
      reason:
        'An IRP is an object, and no driver has memory in which one could be made: IoAllocateIrp gives a new one, and IoReuseIrp makes one new.',
    },
    {
      id: 'ioctl.misused-irp',
      rule: 'A driver that misuses an IRP (it sends, reuses or frees one that is pending, sends one again without IoReuseIrp, lets the completion of its own go on) is refused and told which rule it broke.',
      source: 'Microsoft Learn: Reusing IRPs, IoFreeIrp, IoSetCompletionRoutine',
      status: 'decision',
    },
  ],
};
