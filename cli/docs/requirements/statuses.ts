import type { Area } from './requirement.ts';

/** Status values, and how an NDIS_STATUS of the PF becomes what the guest sees. */
export const STATUSES: Area = {
  title: 'Statuses',
  requirements: [
    {
      id: 'status.ntstatus-values',
      rule: 'The NTSTATUS values of the backchannel have their documented numbers: STATUS_SUCCESS 0, STATUS_PENDING 0x00000103, STATUS_BUFFER_TOO_SMALL 0xC0000023, STATUS_UNSUCCESSFUL 0xC0000001, STATUS_INVALID_PARAMETER 0xC000000D, STATUS_NO_SUCH_DEVICE 0xC000000E, STATUS_INVALID_DEVICE_REQUEST 0xC0000010, STATUS_SHARING_VIOLATION 0xC0000043, STATUS_REVISION_MISMATCH 0xC0000059, STATUS_INSUFFICIENT_RESOURCES 0xC000009A, STATUS_DEVICE_NOT_CONNECTED 0xC000009D, STATUS_NOT_SUPPORTED 0xC00000BB, STATUS_CANCELLED 0xC0000120, STATUS_BAD_DATA 0xC000090B, STATUS_NDIS_REQUEST_ABORTED 0xC023000C, STATUS_NDIS_INVALID_LENGTH 0xC0230014, STATUS_NDIS_INVALID_OID 0xC0230017.',
      source: 'ntstatus.h',
      status: 'emulated',
    },
    {
      id: 'status.ndis-status-values',
      rule: 'The NDIS_STATUS values of the backchannel have their documented numbers: NDIS_STATUS_SUCCESS 0, NDIS_STATUS_PENDING 0x00000103, NDIS_STATUS_NOT_ACCEPTED 0x00010003, NDIS_STATUS_FAILURE 0xC0000001, NDIS_STATUS_INVALID_PARAMETER 0xC000000D, NDIS_STATUS_RESOURCES 0xC000009A, NDIS_STATUS_NOT_SUPPORTED 0xC00000BB, NDIS_STATUS_REQUEST_ABORTED 0xC001000C, NDIS_STATUS_RESET_IN_PROGRESS 0xC001000D, NDIS_STATUS_ADAPTER_NOT_READY 0xC0010011, NDIS_STATUS_INVALID_LENGTH 0xC0010014, NDIS_STATUS_INVALID_DATA 0xC0010015, NDIS_STATUS_BUFFER_TOO_SHORT 0xC0010016, NDIS_STATUS_INVALID_OID 0xC0010017, NDIS_STATUS_FILE_NOT_FOUND 0xC001001B.',
      source: 'ndis.h',
      status: 'emulated',
    },
    {
      id: 'status.two-families-of-ndis',
      rule: 'An NDIS_STATUS of the form 0xC001xxxx and the NTSTATUS of like name, 0xC023xxxx, are two numbers.',
      source: 'ndis.h, ntstatus.h',
      status: 'emulated',
    },
    {
      id: 'status.not-accepted-is-no-success',
      rule: 'NDIS_STATUS_NOT_ACCEPTED has the severity "success" and is none: a status is a success when it is 0.',
      source: 'ndis.h',
      status: 'emulated',
    },
    {
      id: 'status.unsigned',
      rule: 'A status is compared as an unsigned number, so that one which a miniport gives as a signed number is the same.',
      source: 'ntstatus.h',
      status: 'emulated',
    },
    {
      id: 'status.only-0-succeeds',
      rule: 'In a completion on the channel 0 is success, and a guest takes no other status for it.',
      source: 'Linux pci-hyperv',
      status: 'emulated',
    },
    {
      id: 'status.same-number',
      rule: 'A failure of the PF reaches the guest under its own number where NTSTATUS has the same one, and an unknown failure too.',
      source: 'Linux pci-hyperv',
      status: 'decision',
    },
    {
      id: 'status.ndis-facility-twin',
      rule: 'NDIS_STATUS_INVALID_LENGTH, NDIS_STATUS_REQUEST_ABORTED and NDIS_STATUS_INVALID_OID reach the guest as their twins of the NTSTATUS NDIS facility.',
      source: 'Linux pci-hyperv; ntstatus.h',
      status: 'decision',
    },
    {
      id: 'status.false-success',
      rule: 'A status of severity "success" that is not 0 reaches the guest as STATUS_UNSUCCESSFUL.',
      source: 'Linux pci-hyperv',
      status: 'decision',
    },
    {
      id: 'status.any-failure-of-the-pf',
      rule: 'The stack does not depend on which failure a PF miniport answers with: published ones stray from their pages.',
      source: 'AMD Pensando ionic for Windows',
      status: 'decision',
    },
  ],
};
