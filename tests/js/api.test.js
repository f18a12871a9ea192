import assert from "node:assert/strict";
import { test } from "node:test";
import { NoAnswer, Refused } from "../../static/scanner/api.js";
import { Clock } from "../../static/scanner/clock.js";
import { makeApi, startServer } from "./server.js";

const noAnswer = (status) => (error) => error instanceof NoAnswer && error.status === status;

test("without a body it is a GET, with one a POST of JSON, in the reader's language", async (t) => {
  const server = await startServer(t, () => [200, { good: true }]);
  const api = makeApi(new Clock(), { Authorization: "Bearer fad.1" });
  assert.deepEqual(await api.ask(`${server.url}/list`), { good: true });
  await api.ask(`${server.url}/scans`, { body: { scans: [] } });
  const [get, post] = server.requests;
  assert.deepEqual([get.method, get.url, get.body], ["GET", "/list", ""]);
  assert.deepEqual([post.method, post.headers["content-type"], post.body], ["POST", "application/json", { scans: [] }]);
  for (const { headers } of [get, post]) {
    assert.equal(headers.accept, "application/json");
    assert.equal(headers["accept-language"], "en");
    assert.equal(headers.authorization, "Bearer fad.1");
  }
});

test("each answer with the server's time sets the clock", async (t) => {
  const server = await startServer(t, () => [200, { server_time: new Date(Date.now() + 600_000).toISOString() }]);
  const clock = new Clock();
  await makeApi(clock).ask(server.url);
  assert.ok(Math.abs(clock.offset - 600_000) < 500, String(clock.offset));
});

test("an answer without it, and a refusal, leave the clock as it was", async (t) => {
  const server = await startServer(t, ({ url }) =>
    url === "/refused" ? [400, { server_time: "2031-01-01T00:00:00Z" }] : [200, {}],
  );
  const clock = new Clock();
  await makeApi(clock).ask(`${server.url}/plain`);
  await assert.rejects(makeApi(clock).ask(`${server.url}/refused`), Refused);
  assert.equal(clock.offset, null);
});

test("from 400 to 499 the server refused, and says why", async (t) => {
  const server = await startServer(t, ({ url }) => [Number(url.slice(1)), { code: "invalid_input", detail: "No." }]);
  for (const status of [400, 404, 413, 422, 499]) {
    await assert.rejects(makeApi(new Clock()).ask(`${server.url}/${status}`), (error) => {
      assert.ok(error instanceof Refused);
      assert.deepEqual([error.status, error.code, error.message], [status, "invalid_input", "No."]);
      return true;
    });
  }
});

test("a server that failed, or asks for a pause, gave no answer", async (t) => {
  const server = await startServer(t, ({ url }) => [Number(url.slice(1)), { code: "busy" }]);
  for (const status of [429, 500, 502, 503, 504]) {
    await assert.rejects(makeApi(new Clock()).ask(`${server.url}/${status}`), noAnswer(status));
  }
});

test("a page in the place of JSON is no answer, whatever its status", async (t) => {
  const server = await startServer(t, ({ url }, response) => {
    response.writeHead(Number(url.slice(1)), { "Content-Type": "text/html" }).end("<h1>Hotel network: sign in</h1>");
  });
  for (const status of [200, 403, 404, 502]) {
    await assert.rejects(makeApi(new Clock()).ask(`${server.url}/${status}`), noAnswer(status));
  }
});

test("who is silent for longer than the timeout gave no answer", async (t) => {
  const server = await startServer(t, () => {});
  const started = performance.now();
  await assert.rejects(makeApi(new Clock()).ask(server.url, { timeout: 150 }), noAnswer(0));
  const waited = performance.now() - started;
  assert.ok(waited > 140 && waited < 2000, String(waited));
});

test("an answer that stops in the middle is none", async (t) => {
  const server = await startServer(t, (_request, response) => {
    response.writeHead(200, { "Content-Type": "application/json" }).write('{"scans": [');
    setTimeout(() => response.destroy(), 20);
  });
  await assert.rejects(makeApi(new Clock()).ask(server.url), noAnswer(200));
});

test("where nobody listens there is no answer", async (t) => {
  const server = await startServer(t, () => [200, {}]);
  await server.stop();
  await assert.rejects(makeApi(new Clock()).ask(server.url), noAnswer(0));
});

test("another sign-in may cure 401 and 403, but not what is final", () => {
  const isPassing = (status, code) => new Refused(status, { code }).isPassing;
  assert.equal(isPassing(401, ""), true);
  assert.equal(isPassing(403, "csrf"), true);
  assert.equal(isPassing(404, ""), false);
  assert.equal(isPassing(422, "invalid_input"), false);
  assert.equal(isPassing(401, "device_revoked"), false);
  assert.equal(isPassing(403, "not_your_gate"), false);
  assert.equal(isPassing(403, "override_not_allowed"), false);
});

test("a refusal without words is named by its status", () => {
  assert.deepEqual([new Refused(418).message, new Refused(418).code], ["418", ""]);
});
