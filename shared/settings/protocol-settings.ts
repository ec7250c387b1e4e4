import { setting } from './setting.ts';
import { protocolVersions } from './values.ts';

/** The setting of the VPCI protocol versions, which both processes have. */
export const PROTOCOL_SETTINGS = {
  protocolVersion: setting({
    flag: '--protocol-version <list>',
    fallback: '1.6,1.5,1.4,1.3,1.2,1.1',
    schema: protocolVersions,
    about:
      'VPCI protocol versions, one or several with commas between: a host accepts these, a guest asks for them, newest first',
  }),
} as const;
