/** When a request leaves, over http and https: in time or not at all, and to a server that somebody vouches for. */
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createSendToFinch } from "#shared/finch/request.ts";
import { createTransport } from "#shared/finch/transport.ts";
import { afterNoon, noon } from "../../support/builders.ts";
import { createServerIdentity } from "./certificate.ts";

const request = {
  ...{ method: "GET", path: "/", headers: {}, body: undefined, timeoutMs: 5_000, longestAnswerBytes: 1_000 },
} as const;

const identity = createServerIdentity();
const trusted = getCACertificates("default");

/** A server with what it was asked, and over how many connections. */
const startServer = async (protocol: "http" | "https", isTrusted = true) => {
  const asked: string[] = [];
  const ports = new Set<number | undefined>();
  const listener: RequestListener = (incoming, response) => {
    asked.push(incoming.url ?? "");
    ports.add(incoming.socket.remotePort);
    incoming.resume().on("end", () => response.end("{}"));
  };
  const server = protocol === "http" ? createServer(listener) : createTlsServer(identity, listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  setDefaultCACertificates(isTrusted ? [...trusted, identity.cert] : trusted);
  onTestFinished(() => {
    setDefaultCACertificates(trusted);
    server.closeAllConnections();
    server.close();
  });
  return { url: `${protocol}://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, ports };
};

describe.each(["http", "https"] as const)("over %s, a request", (protocol) => {
  it("goes over a connection that stays open for the next", async () => {
    const { url, asked, ports } = await startServer(protocol);
    const send = createTransport(url, () => noon);
    for (const path of ["/1", "/2", "/3"]) expect(await send({ ...request, path })).toMatchObject({ status: 200 });
    expect([asked, ports.size]).toEqual([["/1", "/2", "/3"], 1]);
  });

  it.each([
    [1, { kind: "answer", status: 200 }, 1],
    [0, { kind: "not_sent" }, 0],
    [-1, { kind: "not_sent" }, 0],
  ])(
    "that may be sent for %i ms more is %j, over a new connection and over one that is open",
    async (left, answer, sent) => {
      const { url, asked } = await startServer(protocol);
      const fresh = createTransport(url, () => noon);
      expect(await fresh({ ...request, sendBy: afterNoon(left) })).toMatchObject(answer);
      expect(asked).toHaveLength(sent);
      const used = createTransport(url, () => noon);
      await used(request);
      expect(await used({ ...request, sendBy: afterNoon(left) })).toMatchObject(answer);
      expect(asked).toHaveLength(sent + 1 + sent);
    },
  );

  it("whose time ran out while its connection was made is not sent", async () => {
    const { url, asked } = await startServer(protocol);
    let time = noon;
    const answer = createTransport(url, () => time)({ ...request, sendBy: afterNoon(1_000) });
    // It has a socket by then, which takes a turn of the event loop at least to connect.
    process.nextTick(() => {
      time = afterNoon(1_000);
    });
    expect(await answer).toEqual({ kind: "not_sent" });
    expect(asked).toEqual([]);
  });
});

it("a server that nobody vouches for is sent nothing", async () => {
  const { url, asked } = await startServer("https", false);
  const answer = await createTransport(url, () => noon)(request);
  expect(answer).toEqual({ kind: "undecided", reason: "unreachable" });
  expect(asked).toEqual([]);
});

it("what was not sent counts for Perch's own calls as not having reached Finch", async () => {
  const send = createSendToFinch(async () => ({ kind: "not_sent" }));
  const answer = await send({ method: "GET", path: "/introspect", timeoutMs: 5_000 });
  expect(answer).toEqual({ kind: "undecided", reason: "unreachable" });
});

it("once the answer is there, no timer keeps the process awake", async () => {
  const { url } = await startServer("http");
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    expect(await createTransport(url, () => noon)(request)).toMatchObject({ status: 200 });
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
