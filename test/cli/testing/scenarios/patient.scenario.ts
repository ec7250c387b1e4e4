import { defineScenario } from '#test/testing.ts';
import hurried from './hurried.scenario.ts';

export default defineScenario({
  ...hurried,
  name: 'a patient one',
  dependsOnRealTime: { why: 'a channel takes time', what: ['in-no-time'] },
});
