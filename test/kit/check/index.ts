import type { Checker } from './checker.ts';
import { completesOnce } from './completes-once.ts';
import { invalidationArrives } from './invalidation-arrives.ts';

/** The invariants that every run is held to. */
export const INVARIANTS: readonly Checker[] = [completesOnce, invalidationArrives];
