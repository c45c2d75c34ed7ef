/** The way to Finch and back: late, lost, cut, endless and foreign answers. It is long because each way in which a server misbehaves is here. */
import { describe, expect, it } from "vitest";
import { createSendToFinch } from "#shared/finch/request.ts";
import { createTransport } from "#shared/finch/transport.ts";
import { secret } from "#shared/secret.ts";
import { redirectUri } from "../../finch/support.ts";
import { createClient, startClient, startServer } from "./setting.ts";

const call = { method: "GET", path: "/introspect", timeoutMs: 5_000 } as const;

describe("an exchange whose answer does not come whole", () => {
  const exchangeWith = async (kind: string, more: object = {}, timeoutMs = 5_000) => {
    const { client, connectForCode, trouble, simulator } = await startClient();
    const code = secret(await connectForCode());
    trouble("/auth/token", kind, more);
    const answer = await client.exchangeCode(code, redirectUri, timeoutMs);
    return {
      answer,
      unusedCodes: simulator.state.codes.size,
      again: () => client.exchangeCode(code, redirectUri, 5_000),
    };
  };

  it("is undecided when the connection breaks before anything happened; the code is good still", async () => {
    const { answer, unusedCodes, again } = await exchangeWith("reset_before");
    expect([answer, unusedCodes]).toEqual([{ kind: "undecided", reason: "unreachable" }, 1]);
    expect(await again()).toMatchObject({ kind: "granted" });
  });

  it("is undecided when the answer is lost; the code is used up", async () => {
    const { answer, unusedCodes, again } = await exchangeWith("answer_lost");
    expect([answer, unusedCodes]).toEqual([{ kind: "undecided", reason: "unreachable" }, 0]);
    expect(await again()).toEqual({ kind: "invalid_grant" });
  });

  it("is undecided when the answer cannot be read", async () => {
    const { answer } = await exchangeWith("unreadable");
    expect(answer).toEqual({ kind: "undecided", reason: "unreadable" });
  });

  it("is undecided at its time limit, to which it keeps", async () => {
    const begun = performance.now();
    const { answer } = await exchangeWith("timeout", {}, 300);
    expect(answer).toEqual({ kind: "undecided", reason: "timeout" });
    expect(performance.now() - begun).toBeGreaterThanOrEqual(299);
  });

  it("waits for an answer that is late but in time", async () => {
    const { answer } = await exchangeWith("delay", { ms: 300 });
    expect(answer).toMatchObject({ kind: "granted" });
  });

  it("is sent once, whatever comes of it", async () => {
    const { client, trouble, control } = await startClient();
    for (const kind of ["reset_before", "rate_limit", "server_error", "client_connection_closed"]) {
      trouble("/auth/token", kind);
      await client.exchangeCode(secret("not-a-real-code"), redirectUri, 5_000);
    }
    const { body } = await control("GET", "state");
    expect(body).toMatchObject({ requestCounts: { "/auth/token": 4 } });
  });
});

describe("a server that is not as Finch should be", () => {
  it("is unreachable when nobody listens", async () => {
    expect(await createSendToFinch(createTransport("http://127.0.0.1:1", () => new Date()))(call)).toEqual({
      kind: "undecided",
      reason: "unreachable",
    });
  });

  it("does not prolong a call by a trickle of bytes, and is hung up on", async () => {
    let hungUp = false;
    const url = await startServer((_, response) => {
      response.writeHead(200).write("{");
      const trickle = setInterval(() => response.write(" "), 20);
      response.once("close", () => {
        hungUp = true;
        clearInterval(trickle);
      });
    });
    const begun = performance.now();
    expect(await createSendToFinch(createTransport(url, () => new Date()))({ ...call, timeoutMs: 400 })).toEqual({
      kind: "undecided",
      reason: "timeout",
    });
    expect(performance.now() - begun).toBeLessThan(10_000);
    await expect.poll(() => hungUp).toBe(true);
  });

  it("is not read on beyond a megabyte", async () => {
    let written = 0;
    let hungUp = false;
    const url = await startServer((_, response) => {
      response.once("close", () => {
        hungUp = true;
      });
      const chunk = Buffer.alloc(65_536, " ");
      const write = () => {
        while (!response.destroyed && written < 500_000_000) {
          written += chunk.length;
          if (!response.write(chunk)) return;
        }
        response.end("{}");
      };
      response.on("drain", write);
      write();
    });
    expect(await createSendToFinch(createTransport(url, () => new Date()))(call)).toEqual({
      kind: "undecided",
      reason: "unreadable",
    });
    await expect.poll(() => hungUp).toBe(true);
    expect(written).toBeLessThan(50_000_000);
  });

  it("is read up to a megabyte", async () => {
    const body = { filler: "x".repeat(1_048_576 - '{"filler":""}'.length) };
    const url = await startServer((_, response) => response.end(JSON.stringify(body)));
    expect(await createSendToFinch(createTransport(url, () => new Date()))(call)).toMatchObject({
      kind: "answer",
      status: 200,
      body,
    });
  });

  it.each([301, 302, 303, 307, 308])("is not followed elsewhere (%i)", async (status) => {
    const asked: string[] = [];
    const elsewhere = await startServer((request, response) => {
      asked.push(request.url ?? "");
      response.end("{}");
    });
    const url = await startServer((_, response) => response.writeHead(status, { location: elsewhere }).end());
    const answer = await createClient(url).exchangeCode(secret("not-a-real-code"), redirectUri, 5_000);
    expect(answer).toEqual({ kind: "undecided", reason: "unreadable" });
    expect(asked).toEqual([]);
  });

  it.each(["", "<html>", "[]", "null", '"text"', "7", '{"a":', "\u0000"])("may answer %j: no object", async (text) => {
    const url = await startServer((_, response) => response.end(text));
    expect(await createSendToFinch(createTransport(url, () => new Date()))(call)).toMatchObject({
      kind: "answer",
      status: 200,
      body: undefined,
    });
  });

  it.each([400, 401, 403, 404, 418])("may refuse with %i without saying why", async (status) => {
    const url = await startServer((_, response) => response.writeHead(status).end("<html>"));
    const client = createClient(url);
    const expected = { kind: "platform_trouble", reason: `http_${status}` };
    expect(await client.introspect(secret("not-a-real-token"))).toEqual(expected);
    expect(await client.exchangeCode(secret("not-a-real-code"), redirectUri, 5_000)).toEqual(expected);
  });

  it("cannot put into a reason what it likes", async () => {
    const name = `evil\n${"x".repeat(500)} {"level":"ERROR"}`;
    const url = await startServer((_, response) => response.writeHead(403).end(JSON.stringify({ name })));
    const answer = await createClient(url).introspect(secret("not-a-real-token"));
    expect(answer).toEqual({ kind: "platform_trouble", reason: `evil${"x".repeat(60)}` });
  });

  it("is undecided when it breaks off in the middle of a body", async () => {
    const url = await startServer((_, response) => {
      response.writeHead(200, { "content-length": "1000" }).write('{"access_token":');
      setTimeout(() => response.destroy(), 20);
    });
    expect(await createSendToFinch(createTransport(url, () => new Date()))(call)).toEqual({
      kind: "undecided",
      reason: "unreachable",
    });
  });
});

describe("the connection to Finch", () => {
  const request = { path: "/", headers: {}, timeoutMs: 5_000, longestAnswerBytes: 1_000 };

  it("stays open for the next request", async () => {
    const ports = new Set<number | undefined>();
    const url = await startServer((incoming, response) => {
      ports.add(incoming.socket.remotePort);
      incoming.resume().on("end", () => response.end("{}"));
    });
    const send = createTransport(url, () => new Date());
    for (const _ of [1, 2, 3]) {
      expect(await send({ ...request, method: "GET", body: undefined })).toMatchObject({ status: 200 });
    }
    expect(ports.size).toBe(1);
  });

  it.each([
    ["stays open while it is idle for less than four seconds", [3_999, 3_999], 1],
    ["is not used again after four seconds idle, in which Finch may have hung up", [4_000, 3_999], 2],
    ["is not used again when the clock was set back, which says nothing of how long it was idle", [-1, 0], 2],
  ])("%s", async (_, waits, connections) => {
    const ports = new Set<number | undefined>();
    const url = await startServer((incoming, response) => {
      ports.add(incoming.socket.remotePort);
      incoming.resume().on("end", () => response.end("{}"));
    });
    let time = 0;
    const send = createTransport(url, () => new Date(time));
    for (const wait of [0, ...waits]) {
      time += wait;
      expect(await send({ ...request, method: "GET", body: undefined })).toMatchObject({ status: 200 });
      // The agent takes a connection back after the answer was read.
      await new Promise(setImmediate);
    }
    expect(ports.size).toBe(connections);
  });

  it("that has an answer under way is not closed by the next request", async () => {
    const url = await startServer((incoming, response) => {
      incoming.resume().on("end", () => setTimeout(() => response.end("{}"), incoming.url === "/slow" ? 200 : 0));
    });
    let time = 0;
    const send = createTransport(url, () => new Date(time));
    const get = (path: string) => send({ ...request, path, method: "GET", body: undefined });
    await get("/");
    const slow = get("/slow");
    time += 60_000;
    expect(await get("/")).toMatchObject({ status: 200 });
    expect(await slow).toMatchObject({ status: 200 });
  });

  it("tells a body's length, whatever the method: without it, that of some would be taken for the next request", async () => {
    const seen: (readonly [string | undefined, string])[] = [];
    const url = await startServer((incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        seen.push([incoming.headers["content-length"], Buffer.concat(chunks).toString()]);
        response.end("{}");
      });
    });
    const send = createTransport(url, () => new Date());
    for (const method of ["POST", "DELETE"]) await send({ ...request, method, body: Buffer.from("né") });
    await send({ ...request, method: "DELETE", body: undefined });
    expect(seen).toEqual([
      ["3", "né"],
      ["3", "né"],
      [undefined, ""],
    ]);
  });
});
