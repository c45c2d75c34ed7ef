import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { chooseInnerPorts, describePortProblem, findFreePort, isPortFree } from "../../local/stack/ports.ts";
import { listenAtPublicPort } from "../../local/stack/proxy.ts";

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A server that tells what it was asked. */
const startEcho = async (): Promise<string> => {
  const server = createServer((incoming, outgoing) => {
    outgoing.writeHead(200, [
      ...["set-cookie", "a=1", "set-cookie", "b=2"],
      ...["content-type", "application/json", "location", "http://localhost:1/elsewhere"],
    ]);
    outgoing.end(JSON.stringify({ method: incoming.method, url: incoming.url, headers: incoming.headers }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const startProxy = async () => {
  const port = await findFreePort();
  const proxy = await listenAtPublicPort(port);
  closers.push(proxy.close);
  return { port, proxy };
};

/** Unlike fetch, this sends any header and any path. */
const ask = (
  port: number,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, path, headers }, (reply) => {
      let body = "";
      reply.on("data", (part) => {
        body += part;
      });
      reply.on("end", () => resolve({ status: reply.statusCode ?? 0, body }));
    })
      .on("error", reject)
      .end();
  });

describe("the public port", () => {
  it("that is busy is named, with the way to choose another", async () => {
    const { port } = await startProxy();
    await expect(listenAtPublicPort(port)).rejects.toThrow(
      `Port ${port} is in use by another program: stop that one, or choose another port with "npm start -- --port ${port + 1}".`,
    );
  });

  it.each([
    ["EADDRINUSE", 65_535, "--port 65534"],
    ["EACCES", 80, "above 1023"],
    ["EPERM", 8787, "EPERM"],
  ])("that fails with %s is explained", (code, port, words) => {
    expect(describePortProblem(port, code)).toContain(words);
    expect(describePortProblem(port, code)).toContain(`Port ${port}`);
  });

  it("answers 503 until there is something behind it", async () => {
    const { port } = await startProxy();
    expect(await ask(port, "/health")).toEqual({ status: 503, body: "Perch is starting.\n" });
  });
});

describe("the proxy", () => {
  it("passes a request to the API's default stage, and the token endpoint to Cognito", async () => {
    const { port, proxy } = await startProxy();
    proxy.open({ endpoint: await startEcho(), apiId: "abc" });
    expect(JSON.parse((await ask(port, "/v1/x?y=%2F")).body).url).toBe("/_aws/execute-api/abc/$default/v1/x?y=%2F");
    expect(JSON.parse((await ask(port, "/oauth2/token?a")).body).url).toBe("/oauth2/token?a");
    expect((await ask(port, "http://elsewhere/")).status).toBe(400);
  });

  it("keeps several cookies and redirects as they are", async () => {
    const { port, proxy } = await startProxy();
    proxy.open({ endpoint: await startEcho(), apiId: "abc" });
    const response = await fetch(`http://127.0.0.1:${port}/`);
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(response.headers.get("location")).toBe("http://localhost:1/elsewhere");
  });

  it("sets the forwarding headers that the gateway sets, and lets forged ones through as the gateway does", async () => {
    const { port, proxy } = await startProxy();
    const endpoint = await startEcho();
    proxy.open({ endpoint, apiId: "abc" });
    const forged = {
      host: "evil.example",
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "https",
      "x-forwarded-for": "9.9.9.9",
    };
    expect(JSON.parse((await ask(port, "/", forged)).body).headers).toMatchObject({
      host: new URL(endpoint).host,
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "http",
      "x-forwarded-port": String(port),
      "x-forwarded-for": "9.9.9.9, 127.0.0.1",
    });
  });

  it("answers as the gateway does when nothing is behind it", async () => {
    const { port, proxy } = await startProxy();
    proxy.open({ endpoint: `http://127.0.0.1:${await findFreePort()}`, apiId: "abc" });
    expect(await ask(port, "/")).toEqual({ status: 503, body: '{"message":"Service Unavailable"}' });
  });
});

describe("the inner ports", () => {
  it("stay the same while they are free, and only the busy one moves", async () => {
    const folder = mkdtempSync(join(tmpdir(), "perch-test-"));
    closers.push(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, "ports.json");
    const first = await chooseInnerPorts(file);
    expect(await chooseInnerPorts(file)).toEqual(first);
    const occupant = createServer();
    await new Promise<void>((resolve) => occupant.listen(first.emulator, "127.0.0.1", resolve));
    closers.push(() => occupant.close());
    expect(await isPortFree(first.emulator)).toBe(false);
    const second = await chooseInnerPorts(file);
    expect(second.finch).toBe(first.finch);
    expect(second.emulator).not.toBe(first.emulator);
    writeFileSync(file, "{");
    expect(await chooseInnerPorts(file)).toMatchObject({ emulator: expect.any(Number), finch: expect.any(Number) });
  });
});
