import { definePfMiniport } from '../../ndis/pf-miniport.ts';
import { configBlockPf } from '../config-block-pf.ts';
import { HvVhcaPf } from './hv-vhca-pf.ts';

/** The PF miniport that speaks the blocks of mlx5's hv_vhca. */
export default definePfMiniport((adapter) => configBlockPf(adapter, new HvVhcaPf(adapter)));
