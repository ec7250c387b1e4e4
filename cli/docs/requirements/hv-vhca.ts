import type { Area } from './requirement.ts';

const MLX5 = 'Linux mlx5 hv_vhca';

/** The one published protocol over blocks, which the hv-vhca pair speaks. */
export const HV_VHCA: Area = {
  title: 'hv_vhca',
  requirements: [
    {
      id: 'vhca.block-size',
      rule: 'Every block is read and written whole, 128 bytes; what has another size is no block.',
      source: MLX5,
      status: 'emulated',
    },
    {
      id: 'vhca.control-block',
      rule: 'Block 0 is the control block: capabilities at 0 (4 bytes), control at 4 (4), command at 8 (2), command_ack at 10 (2), version at 12 (2), rings at 14 (2), 112 reserved bytes at 16. It has no mark by which to know it.',
      source: MLX5,
      status: 'emulated',
    },
    {
      id: 'vhca.bits',
      rule: 'In a BlockMask the bit of an agent is that of its type: control 0, statistics 1. In the words capabilities and control it is that of its type less 1, and the control agent has none.',
      source: MLX5,
      status: 'emulated',
    },
    {
      id: 'vhca.invalidation',
      rule: 'An invalidation has every agent whose bit is set look at its block, one mask at a time; bits without an agent mean nothing.',
      source: MLX5,
      status: 'emulated',
    },
    {
      id: 'vhca.unread-block',
      rule: 'When block 0 cannot be read, nothing is written.',
      source: MLX5,
      status: 'emulated',
    },
    {
      id: 'vhca.no-agents',
      rule: 'A VF without agents writes a block 0 of zeros.',
      source: MLX5,
      status: 'emulated',
    },
    {
      id: 'vhca.unknown-agent',
      rule: 'A command that names an agent which the VF does not have is neither acted on nor acknowledged: nothing is written.',
      source: MLX5,
      status: 'emulated',
    },
    {
      id: 'vhca.acknowledgement',
      rule: 'Otherwise the VF sets capabilities, has the agents in control act on the command, sets command_ack to it and writes block 0 back; what becomes of that write does not matter.',
      source: MLX5,
      status: 'emulated',
    },
    {
      id: 'vhca.announcement',
      rule: 'A VF that creates or destroys an agent invalidates block 0 for itself, so that the PF learns what agents there are without having asked.',
      source: MLX5,
      status: 'emulated',
    },
    {
      id: 'vhca.data-block',
      rule: 'A data block: sequence at 0 (2 bytes), offset at 2 (2), which is the index of the fragment, 4 reserved bytes at 4, 120 bytes of data at 8; 128 bytes.',
      source: MLX5,
      status: 'emulated',
    },
    {
      id: 'vhca.fragments',
      rule: 'A payload is consecutive writes of its fragments to the block of its agent, of one sequence and with offsets 0, 1, 2 and so on; the last is filled up with zeros, and nothing says how many there are.',
      source: MLX5,
      status: 'emulated',
    },
    {
      id: 'vhca.sequence',
      rule: 'The sequence advances when all fragments have been written, so that one which is tried again has it again; after 65535 comes 0.',
      source: MLX5,
      status: 'emulated',
    },
    {
      id: 'vhca.reassembly',
      rule: 'The PF takes each fragment as it is written, since the next one is for the same block; a payload of which one is missing is given up, and a first fragment begins anew, though its sequence be the same.',
      source: MLX5,
      status: 'decision',
    },
    {
      id: 'vhca.statistics',
      rule: 'The payload of the statistics is 32 bytes a ring, rx_packets at 0, rx_bytes at 8, tx_packets at 16 and tx_bytes at 24; their version is 1, and rings says how many there are.',
      source: MLX5,
      status: 'emulated',
    },
    {
      id: 'vhca.commands',
      rule: 'Command 0 stops the statistics, 0xFFFF has them reported once, and any other number has them reported every so many times 100 ms.',
      source: MLX5,
      status: 'emulated',
    },
    {
      id: 'vhca.stop-does-not-wait',
      rule: 'A command is acknowledged though a fragment is still being written, where mlx5 waits for it on a stop, and with a silent host for ever.',
      source: MLX5,
      status: 'decision',
    },
    {
      id: 'vhca.failed-report',
      rule: 'A report of which a fragment could not be written ends the reports until the next command.',
      source: MLX5,
      status: 'emulated',
    },
    {
      id: 'vhca.teardown',
      rule: 'A VF that is halted in good order destroys the statistics agent and then the control agent, so that the PF gets a block 0 of zeros; one that was removed by surprise destroys the control agent first, and writes nothing.',
      source: MLX5,
      status: 'decision',
    },
    {
      id: 'vhca.max-rings',
      rule: 'There are at most 256 rings: a PF takes no report of more.',
      source: MLX5,
      status: 'decision',
    },
    {
      id: 'vhca.acknowledgement-timeout',
      rule: 'A PF that waits 5 seconds for an acknowledgement says so in its log, once, and takes one that comes later all the same.',
      source: MLX5,
      status: 'decision',
    },
  ],
};
