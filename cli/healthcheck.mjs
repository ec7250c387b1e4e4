// Exits with 0 when the health endpoint on this loopback port answers 200: for container engines.
// In JavaScript, without tsx, since it runs every few seconds.
const port = process.argv[2];
try {
  const response = await fetch(`http://127.0.0.1:${port}/health`);
  if (!response.ok) process.stderr.write(`${response.status}: ${await response.text()}`);
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  process.stderr.write(`nothing answers on port ${port}: ${error.message}\n`);
  process.exitCode = 1;
}
