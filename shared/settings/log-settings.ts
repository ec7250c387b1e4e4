import { setting } from './setting.ts';
import { logFormat, logLevel } from './values.ts';

/** The settings of the log, which both processes have. */
export const LOG_SETTINGS = {
  logLevel: setting({
    flag: '--log-level <level>',
    fallback: 'info',
    schema: logLevel,
    about: 'least level that is logged: trace, debug, info, warn, error or silent',
  }),
  logFormat: setting({
    flag: '--log-format <format>',
    fallback: 'auto',
    schema: logFormat,
    about: 'pretty, json, or auto: pretty on a terminal',
  }),
} as const;
