import { blocksOfMask, defineVfMiniport, parseInvalidateInfo } from 'sriov-backchannel/guest';
import notesVf from './notes-vf.ts';

/** The block for whose invalidation the driver waits in a timer. */
const UNRULY = 20;

/** The VF of notes; when it is told of block 20, the first of a guest reads it in a timer. */
export default defineVfMiniport((adapter) => {
  const notes = notesVf(adapter);
  const isUnruly = adapter.name.endsWith('/0');
  return {
    ...notes,
    miniportOidRequest(request) {
      const blocks = blocksOfMask(parseInvalidateInfo(request.informationBuffer) ?? 0n);
      if (isUnruly && blocks.includes(UNRULY)) {
        adapter.clock.setTimer(1, () => {
          void adapter.ndisMReadConfigBlock(UNRULY, Buffer.alloc(16), 16);
        });
      }
      return notes.miniportOidRequest(request);
    },
  };
});
