import { definePfMiniport, OID, parseConfigBlockParameters } from 'sriov-backchannel/host';
import { commitFault } from './faults.ts';
import notesPf from './notes-pf.ts';

/** The PF of notes, which commits a fault when some blocks are read. */
export default definePfMiniport((adapter) => {
  const notes = notesPf(adapter);
  return {
    ...notes,
    miniportOidRequest(request) {
      const isRead = request.oid === OID.OID_SRIOV_READ_VF_CONFIG_BLOCK;
      const block = isRead ? parseConfigBlockParameters(request.informationBuffer) : undefined;
      const fault = block && commitFault(adapter, block.blockId);
      return fault ?? notes.miniportOidRequest(request);
    },
  };
});
