/** A bug that the museum does not show, and what the kit lacks for it, in one line. */
export interface NotShown {
  readonly id: string;
  readonly title: string;
  readonly lacks: string;
}

const BUS_IN_LINUX = 'objects and locks inside the bus driver of Linux; the trace shows packets';

/** Bugs of the catalogue that the museum does not show, by id. */
export const NOT_SHOWN: readonly NotShown[] = [
  {
    id: 'S06',
    title: 'A host checks the size of a write wrongly',
    lacks: 'a scenario cannot choose how its host checks the size of a write',
  },
  {
    id: 'S15',
    title: 'A message of a type that a newer host sends',
    lacks: 'no fault sends a message of its own; tests of the bus drivers do',
  },
  {
    id: 'S20',
    title: 'The VF is seen before or after the synthetic adapter',
    lacks: 'there is no synthetic adapter beside a VF',
  },
  {
    id: 'S24',
    title: 'A device is reset between suspend and resume',
    lacks: 'a scenario cannot put a guest to sleep',
  },
  {
    id: 'S25',
    title: 'The arguments of a device are lost when it comes back',
    lacks: 'an ejected VF is not offered again, and settings are the same for all VFs',
  },
  {
    id: 'S26',
    title: 'A VF is revoked 900 times in an hour',
    lacks: 'an ejected VF is not offered again to the guest that had it',
  },
  {
    id: 'S27',
    title: 'Two recovery threads each wait for their time-out',
    lacks: 'a guest cannot reset its own function; only the PF resets a VF',
  },
  {
    id: 'S28',
    title: 'The data path is used while the VF leaves',
    lacks: 'there is no data path, only configuration blocks',
  },
  {
    id: 'S32',
    title: 'The clock on the wall goes back during a wait',
    lacks: 'the one clock that drivers are given never goes back',
  },
  {
    id: 'S33',
    title: 'A time-out is not initialised when its option is invalid',
    lacks: 'memory that is not initialised, which TypeScript does not have',
  },
  {
    id: 'S48',
    title: 'Each reset leaves a reference and a thread behind',
    lacks: 'the trace does not show what memory and threads a driver holds',
  },
  { id: 'L4', title: 'A state flag of a slot that guards nothing', lacks: BUS_IN_LINUX },
  { id: 'L6', title: 'A reference is leaked with each eject', lacks: BUS_IN_LINUX },
  { id: 'L7', title: 'Slot objects are left behind', lacks: BUS_IN_LINUX },
  {
    id: 'L9',
    title: 'A late completion writes to a stack frame that is gone',
    lacks: 'memory that can be used after it was freed',
  },
  {
    id: 'L10',
    title: 'An address as the id of a request, and the id 0',
    lacks: 'no fault forges the transaction id of a completion',
  },
  {
    id: 'L11',
    title: 'A request is cancelled while it completes',
    lacks: 'a second processor: what a driver does without waiting is never interrupted',
  },
  { id: 'L13', title: 'A retry begins at the wrong step', lacks: 'the fix was taken back' },
  { id: 'L15', title: 'The bus is not locked during an eject', lacks: BUS_IN_LINUX },
  { id: 'L16', title: 'Two buses get one PCI domain', lacks: 'there are no PCI domains' },
  {
    id: 'L18',
    title: 'A driver sleeps where it must not',
    lacks: 'it is no race: the contract of a driver has it, with and without --verifier',
  },
  { id: 'L19', title: 'An interrupt is unmasked while the device goes', lacks: 'interrupts' },
  {
    id: 'L20',
    title: 'Interrupts are not made anew after hibernation',
    lacks: 'interrupts, and a scenario cannot put a guest to sleep',
  },
  {
    id: 'L21',
    title: 'The index of a ring is seen before its data',
    lacks: 'a ring in shared memory, and processors that reorder writes',
  },
  {
    id: 'L22',
    title: 'Panics in a day of adding and removing',
    lacks: 'an ejected VF is not offered again; its single races are S16 and S17',
  },
  {
    id: 'L23',
    title: 'A wait for the host has no limit',
    lacks: 'there is only a proposal; whether a limit would be right is not settled',
  },
  {
    id: 'L26',
    title: 'A short read counts its padding as data',
    lacks: 'the length of a packet in memory; the profile of Linux has it as it is',
  },
  {
    id: 'L27',
    title: 'A completion without data is dropped, and its caller hangs',
    lacks: 'a repair: the profile of Linux has it as it is, and no Linux is without it',
  },
  {
    id: 'L29',
    title: 'A callback is unregistered while it is called',
    lacks: 'a second processor: what a driver does without waiting is never interrupted',
  },
  {
    id: 'L30',
    title: 'A suspend that fails leaves the state "removing"',
    lacks: 'a scenario cannot put a guest to sleep',
  },
  { id: 'L31', title: 'Messages of MSI are restored where there are none', lacks: 'interrupts' },
  { id: 'L32', title: 'A slot object is used after it was freed', lacks: BUS_IN_LINUX },
  {
    id: 'M3',
    title: 'A table of rings is published without ordering',
    lacks: 'a second processor, and one that reorders writes',
  },
  {
    id: 'M4',
    title: 'Two creators of one agent both pass the check',
    lacks: 'a second processor: what a driver does without waiting is never interrupted',
  },
  {
    id: 'M5',
    title: 'A pointer is kept of an agent that was destroyed',
    lacks: 'memory that can be used after it was freed',
  },
  {
    id: 'M7',
    title: 'A bound is checked in the wrong unit and never fires',
    lacks: 'it is no race: any write that is too long shows it, and NDIS refuses that',
  },
  {
    id: 'M10',
    title: 'A control bit that the VF does not know is not acknowledged',
    lacks: 'a repair: the protocol has no answer for it, so no PF can be the right one',
  },
  {
    id: 'O1',
    title: 'O1 to O16, of the host in OpenVMM',
    lacks: 'an exhibit replaces drivers, and not the virtualization stack of the host',
  },
];
