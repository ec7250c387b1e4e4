import { defineScenario } from '#test/testing.ts';
import healthy from './healthy.scenario.ts';

export default defineScenario({ ...healthy, vf: new URL('nowhere-vf.ts', import.meta.url) });
