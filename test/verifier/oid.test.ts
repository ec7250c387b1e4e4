import { describe, test } from 'vitest';
import type { PfAdapter } from '#host/ndis/pf-miniport.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import { completesLater, onRead, TO_PF, TO_VF } from './drivers.ts';
import {
  type Case,
  checkPfCase,
  checkVfCase,
  type PfDriver,
  titled,
  type VfDriver,
} from './verified.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_PENDING, NDIS_STATUS_REQUEST_ABORTED } = NDIS_STATUS;

/** Serves a read, and lets `act` do something with the request once it is completed. */
function afterwards(act: (request: NdisOidRequest) => void): PfDriver {
  return onRead((adapter, request, ordinary) => {
    adapter.clock.setTimer(50, () => act(request));
    return ordinary.miniportOidRequest(request);
  });
}

/** A driver that leaves reads pending, and does `cancel` when they run out of time. */
function neverCompletes(
  cancel: (adapter: PfAdapter, request: NdisOidRequest) => void = () => {},
): PfDriver {
  let held: NdisOidRequest | undefined;
  return (adapter, ordinary) => ({
    ...onRead((_adapter, request) => {
      held = request;
      return NDIS_STATUS_PENDING;
    })(adapter, ordinary),
    miniportCancelOidRequest: () => held && cancel(adapter, held),
  });
}

const VIOLATED = [...TO_PF, 'pfContractViolated'] as const;

const PF_CASES: readonly Case<PfDriver>[] = [
  {
    id: 'oid.completed-once',
    how: 'by a status, after NdisMOidRequestComplete',
    breaks: onRead((adapter, request, ordinary) => {
      const status = ordinary.miniportOidRequest(request);
      adapter.ndisMOidRequestComplete(request, NDIS_STATUS_SUCCESS);
      return status;
    }),
    keeps: onRead((adapter, request, ordinary) => {
      void ordinary.miniportOidRequest(request);
      adapter.ndisMOidRequestComplete(request, NDIS_STATUS_SUCCESS);
      return NDIS_STATUS_PENDING;
    }),
    what: /^OID_SRIOV_READ_VF_CONFIG_BLOCK: the miniport completed the request again, with NDIS_STATUS_SUCCESS$/,
    hops: VIOLATED,
  },
  {
    id: 'oid.completed-once',
    how: 'by NdisMOidRequestComplete twice',
    breaks: completesLater((adapter, request, status) => {
      adapter.ndisMOidRequestComplete(request, status);
      adapter.ndisMOidRequestComplete(request, status);
    }),
    keeps: completesLater((adapter, request, status) => {
      adapter.ndisMOidRequestComplete(request, status);
    }),
    what: /completed the request again/,
    hops: VIOLATED,
  },
  {
    id: 'oid.not-completed-with-pending',
    breaks: completesLater((adapter, request) => {
      adapter.ndisMOidRequestComplete(request, NDIS_STATUS_PENDING);
    }),
    keeps: completesLater((adapter, request, status) => {
      adapter.ndisMOidRequestComplete(request, status);
    }),
    what: /completed the request with NDIS_STATUS_PENDING$/,
    hops: VIOLATED,
  },
  {
    id: 'oid.completed-with-a-status',
    breaks: onRead(() => 'done' as unknown as NdisStatus),
    keeps: onRead(() => NDIS_STATUS_REQUEST_ABORTED | 0),
    what: /the miniport answered done, which is no NDIS_STATUS$/,
    hops: VIOLATED,
  },
  {
    id: 'oid.completed-in-time',
    how: 'of the request',
    breaks: neverCompletes((adapter, request) =>
      adapter.ndisMOidRequestComplete(request, NDIS_STATUS_REQUEST_ABORTED),
    ),
    keeps: completesLater((adapter, request, status) => {
      adapter.ndisMOidRequestComplete(request, status);
    }, 1_900),
    what: /the miniport did not complete the request in time; 0 more were waiting behind it$/,
    hops: VIOLATED,
    options: { oidTimeout: 2 },
  },
  {
    id: 'oid.completed-in-time',
    how: 'though the request may take for ever',
    breaks: completesLater((adapter, request, status) => {
      adapter.ndisMOidRequestComplete(request, status);
    }, 31_000),
    keeps: completesLater((adapter, request, status) => {
      adapter.ndisMOidRequestComplete(request, status);
    }, 29_000),
    what: /the miniport holds the request for 30 s, and it has no timeout$/,
    hops: TO_PF,
    options: { oidTimeout: 0 },
    scene: async ({ world, vf }) => {
      void vf.current.read(0, 16);
      await world.clock.advance(40_000);
    },
  },
  {
    id: 'oid.aborted-with-request-aborted',
    breaks: neverCompletes((adapter, request) => {
      adapter.clock.setTimer(1, () =>
        adapter.ndisMOidRequestComplete(request, NDIS_STATUS_SUCCESS),
      );
    }),
    keeps: neverCompletes((adapter, request) => {
      adapter.clock.setTimer(1, () =>
        adapter.ndisMOidRequestComplete(request, NDIS_STATUS_REQUEST_ABORTED),
      );
    }),
    what: /completed the request after it was aborted, with NDIS_STATUS_SUCCESS$/,
    hops: VIOLATED,
    breaksToo: ['oid.completed-in-time'],
    keepsNot: ['oid.completed-in-time'],
    options: { oidTimeout: 1 },
  },
  {
    id: 'oid.bytes-in-the-buffer',
    how: 'with BytesWritten',
    breaks: onRead((_adapter, request, ordinary) => {
      const status = ordinary.miniportOidRequest(request);
      request.bytesWritten = request.outputBufferLength + 1;
      return status;
    }),
    keeps: onRead((_adapter, request, ordinary) => {
      const status = ordinary.miniportOidRequest(request);
      request.bytesWritten = request.outputBufferLength;
      return status;
    }),
    what: /^OID_SRIOV_READ_VF_CONFIG_BLOCK: BytesWritten is 37, of 36$/,
    hops: TO_PF,
  },
  {
    id: 'oid.bytes-in-the-buffer',
    how: 'with BytesRead',
    breaks: onRead((_adapter, request, ordinary) => {
      const status = ordinary.miniportOidRequest(request);
      request.bytesRead = 1_000;
      return status;
    }),
    keeps: onRead((_adapter, request, ordinary) => {
      const status = ordinary.miniportOidRequest(request);
      request.bytesRead = request.inputBufferLength;
      return status;
    }),
    what: /: BytesRead is 1000, of \d+$/,
    hops: TO_PF,
  },
  {
    id: 'oid.left-alone-after-completion',
    how: 'by writing to the buffer',
    breaks: onRead((adapter, request, ordinary) => {
      const buffer = request.informationBuffer;
      adapter.clock.setTimer(50, () => buffer.fill(7));
      return ordinary.miniportOidRequest(request);
    }),
    keeps: onRead((_adapter, request, ordinary) => {
      const buffer = request.informationBuffer;
      const status = ordinary.miniportOidRequest(request);
      buffer[30] = 7;
      return status;
    }),
    what: /^OID_SRIOV_READ_VF_CONFIG_BLOCK: it wrote to the information buffer after it had completed it$/,
    hops: TO_PF,
  },
  {
    id: 'oid.left-alone-after-completion',
    how: 'by reading a member',
    breaks: afterwards((request) => void request.oid),
    keeps: afterwards(() => {}),
    what: /it read oid after it had completed it$/,
    hops: TO_PF,
  },
  {
    id: 'oid.left-alone-after-completion',
    how: 'by writing a member, right after the completion',
    breaks: completesLater((adapter, request, status) => {
      adapter.ndisMOidRequestComplete(request, status);
      request.bytesWritten = 0;
    }),
    keeps: completesLater((adapter, request, status) => {
      request.supportedRevision = 1;
      adapter.ndisMOidRequestComplete(request, status);
    }),
    what: /it wrote bytesWritten after it had completed it$/,
    hops: TO_PF,
  },
];

const VF_CASES: readonly Case<VfDriver>[] = [
  {
    id: 'oid.completed-once',
    how: 'a VF miniport',
    breaks: (adapter) => ({
      miniportOidRequest: (request) => {
        adapter.ndisMOidRequestComplete(request, NDIS_STATUS_SUCCESS);
        void adapter.ndisMReadConfigBlock(0, new Uint8Array(1), 1);
        return NDIS_STATUS_SUCCESS;
      },
    }),
    keeps: (adapter) => ({
      miniportOidRequest: (request) => {
        void adapter.ndisMReadConfigBlock(0, new Uint8Array(1), 1);
        adapter.ndisMOidRequestComplete(request, NDIS_STATUS_SUCCESS);
        return NDIS_STATUS_PENDING;
      },
    }),
    what: /^OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK: the miniport completed the request again, with NDIS_STATUS_SUCCESS$/,
    hops: [...TO_VF, 'vfContractViolated'],
  },
];

describe('a driver that mistreats an OID request is told so', () => {
  test.each(titled(PF_CASES))('PF: $title', checkPfCase);

  test.each(titled(VF_CASES))('VF: $title', checkVfCase);
});
