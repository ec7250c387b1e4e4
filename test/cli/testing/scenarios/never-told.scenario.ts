import { versionedPf } from '#test/museum/drivers/versioned-pf.ts';
import { defineScenario } from '#test/testing.ts';
import forgetful from './forgetful.scenario.ts';

/** Its PF changes a block, and tells nobody. */
export default defineScenario({ ...forgetful, pf: versionedPf(({ next }) => next()) });
