import { defineScenario } from '#test/testing.ts';
import healthy from './healthy.scenario.ts';

export default defineScenario({ ...healthy, run: () => Promise.reject(new Error('it broke')) });
