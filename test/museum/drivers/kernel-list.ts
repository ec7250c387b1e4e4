/** An entry of a list of the Linux kernel, or the head of one: it links to itself when it is empty. */
export class ListHead {
  next: ListHead | undefined = this;
  previous: ListHead | undefined = this;

  /** INIT_LIST_HEAD: forgets the list that it is in, which does not forget it. */
  init(): void {
    this.next = this;
    this.previous = this;
  }

  /** list_add_tail: becomes the last before `head`. */
  addTo(head: ListHead): void {
    const last = head.previous;
    head.previous = this;
    this.next = head;
    this.previous = last;
    if (last !== undefined) last.next = this;
  }

  /**
   * list_del: its neighbours link to each other, and it to nowhere.
   *
   * @throws Error when it links to nowhere already
   */
  delete(): void {
    const { next, previous } = this;
    if (next === undefined || previous === undefined) {
      throw new Error('general protection fault: list_del of what is in no list any more');
    }
    next.previous = previous;
    previous.next = next;
    this.next = undefined;
    this.previous = undefined;
  }
}
