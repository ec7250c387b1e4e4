/** The built-in VF miniports report what their channel moved: what the machine moved is never twice the same. */
export const REPEATABLE = [['StatisticsSource', 'channel']] as const;
