import type { NdisStatus } from './ndis-status.ts';
import type { Oid } from './oid.ts';

/** NDIS_REQUEST_TYPE. Source: the WDK's ndis/oidtypes.h. */
export const NDIS_REQUEST_TYPE = {
  NdisRequestQueryInformation: 0,
  NdisRequestSetInformation: 1,
  NdisRequestMethod: 12,
} as const;

export type NdisRequestType = (typeof NDIS_REQUEST_TYPE)[keyof typeof NDIS_REQUEST_TYPE];

/**
 * An NDIS_OID_REQUEST, with the members of its DATA union side by side. The information buffer is
 * byte-exact: it holds the structure that ntddndis.h names for the OID, little-endian.
 *
 * Source: Microsoft Learn: NDIS_OID_REQUEST.
 */
export interface NdisOidRequest {
  readonly requestType: NdisRequestType;
  /** Names the request to MiniportCancelOidRequest; unique in its NDIS. */
  readonly requestId: number;
  /** Seconds until NDIS cancels the request; 0 waits for ever. */
  readonly timeout: number;
  readonly oid: Oid;
  readonly informationBuffer: Uint8Array;
  /** METHOD_INFORMATION.InputBufferLength, or SET_INFORMATION.InformationBufferLength. */
  readonly inputBufferLength: number;
  /** METHOD_INFORMATION.OutputBufferLength, or QUERY_INFORMATION.InformationBufferLength. */
  readonly outputBufferLength: number;
  /** Set by the miniport: bytes of the information buffer that it produced, from its start. */
  bytesWritten: number;
  /** Set by the miniport: bytes of the information buffer that it consumed. */
  bytesRead: number;
  /** Set by the miniport with NDIS_STATUS_INVALID_LENGTH: the smallest buffer that would do. */
  bytesNeeded: number;
  /** Set by the miniport on success of a set request: the structure revision it understood. */
  supportedRevision: number;
  /** The trace event that led to this request; 0 when none is known. Not a Windows member. */
  readonly cause: number;
  /** The VF instance on whose behalf the request is made, for the trace. Not a Windows member. */
  readonly origin: OidOrigin | undefined;
}

/** What the trace says about the VF behind an OID request. */
export interface OidOrigin {
  readonly device: string;
  readonly generation: number;
  /** The VFId, once the PF has given it out: a request for a VPort or a filter of the VF has none. */
  readonly vfId?: number;
}

/** What an issuer chooses of an {@link NdisOidRequest}; NDIS numbers it and sets its timeout. */
export interface OidRequestParameters {
  readonly requestType: NdisRequestType;
  readonly oid: Oid;
  readonly informationBuffer: Uint8Array;
  readonly inputBufferLength: number;
  readonly outputBufferLength: number;
  readonly cause?: number;
  readonly origin?: OidOrigin | undefined;
}

/** A request that was completed to its issuer. */
export interface CompletedOid {
  readonly status: NdisStatus;
  readonly request: NdisOidRequest;
}

/** A query whose answer may take the whole of `informationBuffer`. */
export function queryRequest(oid: Oid, informationBuffer: Uint8Array): OidRequestParameters {
  return {
    requestType: NDIS_REQUEST_TYPE.NdisRequestQueryInformation,
    oid,
    informationBuffer,
    inputBufferLength: 0,
    outputBufferLength: informationBuffer.byteLength,
  };
}

/** A set request over the whole of `informationBuffer`. */
export function setRequest(oid: Oid, informationBuffer: Uint8Array): OidRequestParameters {
  return {
    requestType: NDIS_REQUEST_TYPE.NdisRequestSetInformation,
    oid,
    informationBuffer,
    inputBufferLength: informationBuffer.byteLength,
    outputBufferLength: 0,
  };
}

/** A method request whose input and output share the whole of `informationBuffer`. */
export function methodRequest(oid: Oid, informationBuffer: Uint8Array): OidRequestParameters {
  return {
    requestType: NDIS_REQUEST_TYPE.NdisRequestMethod,
    oid,
    informationBuffer,
    inputBufferLength: informationBuffer.byteLength,
    outputBufferLength: informationBuffer.byteLength,
  };
}
