import type { Exhibit } from './exhibit.ts';

/** Every exhibit, by id; its code is loaded when it is run. */
export const EXHIBITS: Readonly<Record<string, () => Promise<{ readonly default: Exhibit }>>> = {
  S01: () => import('./exhibits/s01-invalidated-before-it-is-ready/index.ts'),
  S02: () => import('./exhibits/s02-statistics-of-no-rings/index.ts'),
  S03: () => import('./exhibits/s03-callbacks-without-a-channel/index.ts'),
  S04: () => import('./exhibits/s04-truncated-invalidation/index.ts'),
  S05: () => import('./exhibits/s05-short-read-taken-for-whole/index.ts'),
  S06: () => import('./exhibits/s06-host-checks-the-wrong-size/index.ts'),
  S07: () => import('./exhibits/s07-invalidated-before-anybody-listens/index.ts'),
  S08: () => import('./exhibits/s08-no-memory-for-the-invalidation/index.ts'),
  S09: () => import('./exhibits/s09-invalidated-before-the-ioctl-is-back/index.ts'),
  S10: () => import('./exhibits/s10-invalidated-while-reading/index.ts'),
  S12: () => import('./exhibits/s12-block-beyond-the-mask/index.ts'),
  S13: () => import('./exhibits/s13-command-and-ack-in-one-block/index.ts'),
  S14: () => import('./exhibits/s14-invalidation-storm/index.ts'),
  S15: () => import('./exhibits/s15-message-of-a-newer-host/index.ts'),
  S16: () => import('./exhibits/s16-removed-while-it-probes/index.ts'),
  S17: () => import('./exhibits/s17-present-and-eject-at-once/index.ts'),
  S18: () => import('./exhibits/s18-late-list-of-devices/index.ts'),
  S19: () => import('./exhibits/s19-held-for-a-crashed-guest/index.ts'),
  S22: () => import('./exhibits/s22-one-slot-for-all-vfs/index.ts'),
  S23: () => import('./exhibits/s23-gives-up-after-twelve-seconds/index.ts'),
  S25: () => import('./exhibits/s25-arguments-are-lost/index.ts'),
  S27: () => import('./exhibits/s27-two-recoveries-wait/index.ts'),
  S29: () => import('./exhibits/s29-late-answer-to-an-equal-request/index.ts'),
  S31: () => import('./exhibits/s31-counted-but-not-sent/index.ts'),
  S32: () => import('./exhibits/s32-clock-on-the-wall-goes-back/index.ts'),
  S34: () => import('./exhibits/s34-slow-first-answer/index.ts'),
  S35: () => import('./exhibits/s35-time-out-too-short/index.ts'),
  S36: () => import('./exhibits/s36-assumes-an-answer-is-there/index.ts'),
  S38: () => import('./exhibits/s38-answer-misses-its-buffer/index.ts'),
  S39: () => import('./exhibits/s39-waits-for-an-ack-that-cannot-come/index.ts'),
  S40: () => import('./exhibits/s40-stale-reset-impending/index.ts'),
  S42: () => import('./exhibits/s42-resets-itself-while-its-pf-recovers/index.ts'),
  S43: () => import('./exhibits/s43-channel-closed-before-the-reset-is-known/index.ts'),
  S45: () => import('./exhibits/s45-two-readers-of-one-reset/index.ts'),
  S47: () => import('./exhibits/s47-resets-the-wrong-vf/index.ts'),
  S48: () => import('./exhibits/s48-each-reset-leaves-a-thread/index.ts'),
  S51: () => import('./exhibits/s51-waits-in-the-thread-that-answers/index.ts'),
  S52: () => import('./exhibits/s52-trylock-fails/index.ts'),
  S54: () => import('./exhibits/s54-link-event-before-interrupts/index.ts'),
  S56: () => import('./exhibits/s56-new-vf-on-an-old-pf/index.ts'),
  S58: () => import('./exhibits/s58-one-vf-floods-the-pf/index.ts'),
  S60: () => import('./exhibits/s60-mailbox-of-the-last-tenant/index.ts'),
  S61: () => import('./exhibits/s61-guest-restarts-and-pf-does-not/index.ts'),
  S62: () => import('./exhibits/s62-window-on-another-vf/index.ts'),
  L3: () => import('./exhibits/l3-ejected-before-it-is-probed/index.ts'),
  L6: () => import('./exhibits/l6-reference-of-an-eject/index.ts'),
  L7: () => import('./exhibits/l7-slots-are-left/index.ts'),
  L8: () => import('./exhibits/l8-waits-for-a-device-that-is-gone/index.ts'),
  L9: () => import('./exhibits/l9-completion-after-the-time-out/index.ts'),
  L17: () => import('./exhibits/l17-speaks-one-version/index.ts'),
  L25: () => import('./exhibits/l25-second-eject/index.ts'),
  L26: () => import('./exhibits/l26-padding-taken-for-data/index.ts'),
  L30: () => import('./exhibits/l30-suspend-that-fails/index.ts'),
  M5: () => import('./exhibits/m5-agent-destroyed-twice/index.ts'),
  M8: () => import('./exhibits/m8-stops-under-the-lock/index.ts'),
  M11: () => import('./exhibits/m11-half-a-record-twice/index.ts'),
  M12: () => import('./exhibits/m12-sequence-wraps/index.ts'),
};

/** Entries of the catalogue that tell of a bug which has another entry, too. */
export const SAME_AS: Readonly<Record<string, string>> = {
  L1: 'S04',
  L2: 'S16',
  L5: 'S17',
  L12: 'S19',
  L14: 'S03',
  L24: 'S06',
  L28: 'S07',
  M1: 'S01',
  M2: 'S02',
  M6: 'S05',
  M9: 'S08',
};

/** The id under which a bug is shown, or is said not to be. */
export function shownAs(id: string): string {
  const upper = id.toUpperCase();
  return SAME_AS[upper] ?? upper;
}

/** The exhibit with an id; undefined when there is none. */
export async function exhibit(id: string): Promise<Exhibit | undefined> {
  return (await EXHIBITS[shownAs(id)]?.())?.default;
}
