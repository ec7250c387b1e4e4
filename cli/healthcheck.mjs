// Exits with 0 when the health endpoint on this loopback port answers 200: for container engines.
// In JavaScript and without fetch, which takes longer to load, since it runs every few seconds.
import { get } from 'node:http';

const port = process.argv[2];

/** The response of the health endpoint; rejects when there is none. */
function ask() {
  return new Promise((resolve, reject) => {
    get(`http://127.0.0.1:${port}/health`, { agent: false }, resolve).on('error', reject);
  });
}

try {
  const response = await ask();
  let text = `${response.statusCode}: `;
  for await (const chunk of response) text += chunk;
  process.stdout.write(text);
  process.exitCode = response.statusCode === 200 ? 0 : 1;
} catch (error) {
  process.stderr.write(`port ${port} does not answer: ${error.message}\n`);
  process.exitCode = 1;
}
