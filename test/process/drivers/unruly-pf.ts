import { definePfMiniport, NDIS_STATUS, OID } from 'sriov-backchannel/host';
import notesPf from './notes-pf.ts';

/** The PF of notes, which completes OID_SRIOV_RESET_VF twice. */
export default definePfMiniport((adapter) => {
  const notes = notesPf(adapter);
  return {
    ...notes,
    miniportOidRequest(request) {
      if (request.oid === OID.OID_SRIOV_RESET_VF) {
        adapter.ndisMOidRequestComplete(request, NDIS_STATUS.NDIS_STATUS_SUCCESS);
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      }
      return notes.miniportOidRequest(request);
    },
  };
});
