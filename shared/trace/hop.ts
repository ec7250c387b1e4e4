/** The components that a request passes through; one lane each in a ladder, in this order. */
export const ACTORS = [
  'vf-miniport',
  'guest-ndis',
  'vpci',
  'virtualization-stack',
  'host-ndis',
  'pf-miniport',
] as const;

export type Actor = (typeof ACTORS)[number];

/** How each actor is named to people. */
export const ACTOR_TITLES: Readonly<Record<Actor, string>> = {
  'vf-miniport': 'VF miniport',
  'guest-ndis': 'guest NDIS',
  vpci: 'VPCI driver',
  'virtualization-stack': 'virtualization stack',
  'host-ndis': 'host NDIS',
  'pf-miniport': 'PF miniport',
};

/** Which family the status of a hop belongs to. */
export type StatusFamily = 'ndis' | 'nt' | 'errno';

export interface Hop {
  readonly from: Actor;
  readonly to: Actor;
  /** Whether the hop asks, answers, or tells without an answer. */
  readonly phase: 'request' | 'completion' | 'notification';
  readonly status?: StatusFamily;
  /** What happens here, in one line. */
  readonly what: string;
}
