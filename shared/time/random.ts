/** A number from 0 up to but not including 1. Handed in, as time is. */
export type Random = () => number;
