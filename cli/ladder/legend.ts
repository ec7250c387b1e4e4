import type { GuestProfile } from '#guest/guest-profile.ts';
import { ACTOR_TITLES, type Actor } from '#shared/trace/hop.ts';
import type { Glyphs } from './glyphs.ts';
import { GUEST_ACTORS, HOST_ACTORS, LANE_HEADS } from './lanes.ts';
import type { Paint } from './styles.ts';

/**
 * Who is in the lanes of each guest operating system. On Linux a VF is driven by a driver of Linux, or
 * by a VF miniport, and only above the latter is there an NDIS.
 */
const GUESTS: Readonly<Record<GuestProfile, string>> = {
  windows: `guest OS       ${titles(GUEST_ACTORS)}`,
  linux: 'Linux guest    VF = VF driver, NDIS = NDIS of a VF miniport, VPCI = pci-hyperv',
};

/** What the heads of the lanes and the signs between them mean, in lines of at most 80 columns. */
export function legend(guests: readonly GuestProfile[], glyphs: Glyphs, paint: Paint): string[] {
  const { toRight, toLeft, shafts } = glyphs;
  const signs = [
    `${paint('request', shafts.request.repeat(3) + toRight)} asks`,
    `${paint('completion', toLeft + shafts.completion.repeat(3))} answers`,
    `${paint('notification', shafts.notification.repeat(3) + toRight)} tells`,
    `${paint('notification', glyphs.within)} within`,
    `${paint('failed', glyphs.failed)} failed`,
  ];
  return [
    ...guests.map((guest) => GUESTS[guest]),
    `management OS  ${titles(HOST_ACTORS)}`,
    `               ${signs.join('   ')}`,
  ];
}

function titles(actors: readonly Actor[]): string {
  return actors.map((actor) => `${LANE_HEADS[actor]} = ${ACTOR_TITLES[actor]}`).join(', ');
}
