import { blocksOfMask, defineVfMiniport, parseInvalidateInfo } from 'sriov-backchannel/guest';
import { commitFault } from './faults.ts';
import notesVf from './notes-vf.ts';

/** The VF of notes; the first of a guest commits a fault when it is told of some blocks. */
export default defineVfMiniport((adapter) => {
  const notes = notesVf(adapter);
  const isFaulty = adapter.name.endsWith('/0');
  return {
    ...notes,
    miniportOidRequest(request) {
      const mask = parseInvalidateInfo(request.informationBuffer) ?? 0n;
      const [block] = isFaulty ? blocksOfMask(mask) : [];
      const fault = block === undefined ? undefined : commitFault(adapter, block);
      return fault ?? notes.miniportOidRequest(request);
    },
  };
});
