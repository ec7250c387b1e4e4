/** The MTU that the demo's VF asks for, and is granted. */
export const GRANTED_MTU = 4000;

/** The MAC address that it asks for, and is refused: no request for one is allowed. */
export const REFUSED_MAC = '02:00:00:00:00:99';

/** What the demo's host starts with. */
export const INITIAL_CONFIG = {
  defaults: {
    mtu: 1500,
    vlan: 0,
    mailbox: { macAddresses: 'none', mtu: { min: 1280, max: 9000 } },
  },
};

/** The same with another VLAN: one field of one block. */
export const EDITED_CONFIG = {
  defaults: { ...INITIAL_CONFIG.defaults, vlan: 100 },
};
