// A real server that answers as a test wants, and remembers what it was asked.

import { createServer } from "node:http";
import { Api } from "../../static/scanner/api.js";

/**
 * Start a server for one test. `answer(request, response)` gets {method, url, headers, body}; what it returns is
 * sent as [status, JSON]; undefined: it answers by itself, or never.
 */
export async function startServer(test, answer) {
  const requests = [];
  const server = createServer(async (incoming, response) => {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const request = { method: incoming.method, url: incoming.url, headers: incoming.headers };
    requests.push({ ...request, body: text && JSON.parse(text) });
    const reply = await answer(requests.at(-1), response);
    if (!reply) return;
    const [status, body] = reply;
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const stop = () => {
    server.closeAllConnections();
    return new Promise((closed) => server.close(closed));
  };
  test.after(stop);
  return { url: `http://127.0.0.1:${server.address().port}`, requests, stop };
}

/** How the modules under test ask. */
export function makeApi(clock, headers = {}) {
  return new Api({ headers, credentials: "omit", clock, language: "en" });
}
