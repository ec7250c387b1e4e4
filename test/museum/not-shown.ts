/** A bug that the museum does not show, and what the kit lacks for it, in one line. */
export interface NotShown {
  readonly id: string;
  readonly title: string;
  readonly lacks: string;
}

/** Bugs of the catalogue that the museum does not show, by id. */
export const NOT_SHOWN: readonly NotShown[] = [
  {
    id: 'S20',
    title: 'The VF is seen before or after the synthetic adapter',
    lacks: 'there is no synthetic adapter beside a VF',
  },
  {
    id: 'S24',
    title: 'A device is reset between suspend and resume',
    lacks: 'a data path, which is what the source stops while the device is reset',
  },
  {
    id: 'S26',
    title: 'A VF is revoked 900 times in an hour',
    lacks: 'a driver that fails: the report counts revocations and names none',
  },
  {
    id: 'S28',
    title: 'The data path is used while the VF leaves',
    lacks: 'there is no data path, only configuration blocks',
  },
  {
    id: 'S33',
    title: 'A time-out is not initialised when its option is invalid',
    lacks: 'memory that is not initialised, which TypeScript does not have',
  },
  {
    id: 'L4',
    title: 'A state flag of a slot that guards nothing',
    lacks: 'a fault: the flag guarded nothing, and nothing changed when it was removed',
  },
  {
    id: 'L10',
    title: 'An address as the id of a request, and the id 0',
    lacks: 'a bus driver that numbers its packets itself: the channel of the kit does',
  },
  {
    id: 'L11',
    title: 'A request is cancelled while it completes',
    lacks: 'a second processor: what a driver does without waiting is never interrupted',
  },
  {
    id: 'L13',
    title: 'A retry begins at the wrong step',
    lacks: 'nothing of its own: it took back the repair of S18',
  },
  {
    id: 'L15',
    title: 'The bus is not locked during an eject',
    lacks: 'anybody but the host who has the bus scanned: a guest has no operator',
  },
  { id: 'L16', title: 'Two buses get one PCI domain', lacks: 'there are no PCI domains' },
  {
    id: 'L18',
    title: 'A driver sleeps where it must not',
    lacks: 'a need: the contract of a driver names it, with and without --verifier',
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
    lacks: 'nothing of its own: its single races are S16, S17 and L3',
  },
  {
    id: 'L23',
    title: 'A wait for the host has no limit',
    lacks: 'there is only a proposal; whether a limit would be right is not settled',
  },
  {
    id: 'L27',
    title: 'A completion without data is dropped, and its caller hangs',
    lacks: 'a completion without a status: such a frame is malformed here, and ends the channel',
  },
  {
    id: 'L29',
    title: 'A callback is unregistered while it is called',
    lacks: 'a second processor: what a driver does without waiting is never interrupted',
  },
  { id: 'L31', title: 'Messages of MSI are restored where there are none', lacks: 'interrupts' },
  {
    id: 'L32',
    title: 'A slot object is used after it was freed',
    lacks: 'the patch: only its title is known, and an exhibit needs the mechanism',
  },
  {
    id: 'M3',
    title: 'A table of rings is published without ordering',
    lacks: 'a second processor, and one that reorders writes',
  },
  {
    id: 'M4',
    title: 'Two creators of one agent both pass the check',
    lacks: 'a second creator: each agent has one, and what does not wait is not interrupted',
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
  {
    id: 'Q',
    title: 'Section 7.4, of the SR-IOV devices of QEMU',
    lacks: 'an exhibit replaces drivers, and not the device that they drive',
  },
];
