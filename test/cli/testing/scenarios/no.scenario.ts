export default { name: 'no scenario' };
