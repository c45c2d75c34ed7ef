/** Four calls of S3, as they are sent. */
import { createHash, createHmac } from "node:crypto";
import diagnostics from "node:diagnostics_channel";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { createBucket } from "#shared/s3/bucket.ts";

interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

const options = {
  region: "eu-central-1",
  credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "not-a-real-key", sessionToken: "not-a-real-session" },
};

/** Instead of an answer: the connection is closed, nothing is said, or half of it. */
const [gone, silent, stalled] = [0, 1, 2];

/** A bucket at a server that gives these answers, and 200 after them. */
const stage = async (
  answers: readonly { readonly status: number; readonly body?: string }[] = [],
  { path = "/pages-of-people", timeoutMs }: { readonly path?: string; readonly timeoutMs?: number } = {},
) => {
  const received: Received[] = [];
  const paused: number[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const { method = "", url = "", headers } = request;
    const { status, body } = answers[received.length] ?? { status: 200 };
    received.push({ method, path: url, headers, body: Buffer.concat(parts).toString() });
    if (status === gone) return void response.destroy();
    if (status === silent) return;
    if (status === stalled) return void response.writeHead(200, { "content-length": "2" }).write("x");
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const bucket = createBucket({
    url: `http://127.0.0.1:${port}${path}`,
    ...options,
    sleep: async (milliseconds) => void paused.push(milliseconds),
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  return { bucket, received, paused, port };
};
const times = <Value>(count: number, value: Value): Value[] => Array.from({ length: count }, () => value);

describe("a bucket", () => {
  it("signs each call for S3, with the body's hash and the session", async () => {
    const { bucket, received, port } = await stage();
    await bucket.put("pages/a:b@c|d~e/1", Buffer.from("sealed"));
    const [call] = received;
    expect(call).toMatchObject({ method: "PUT", path: "/pages-of-people/pages/a%3Ab%40c%7Cd~e/1", body: "sealed" });
    expect(call?.headers["authorization"]).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/s3\/aws4_request, SignedHeaders=.*host;.*x-amz-content-sha256/,
    );
    expect(call?.headers).toMatchObject({
      "x-amz-content-sha256": createHash("sha256").update("sealed").digest("hex"),
      "x-amz-security-token": "not-a-real-session",
      ...{ host: `127.0.0.1:${port}`, "content-length": "6", "content-type": "application/octet-stream" },
    });
  });

  it("may lie at a host of its own, and signs names as S3 does, which escapes more than URLs do", async () => {
    const { bucket, received } = await stage([], { path: "" });
    await bucket.put("a!b'c(d)e*f g/h", Buffer.from("sealed"));
    expect(received[0]?.path).toBe("/a%21b%27c%28d%29e%2Af%20g/h");
  });

  it("signs each call as S3 does, which compares: method, name, query, headers and body", async () => {
    const { bucket, received } = await stage([{ status: 200 }, { status: 200 }, { status: 200 }, { status: 204 }]);
    await bucket.put("pages/a b!/1", Buffer.from("sealed"));
    await bucket.get("pages/a b!/1");
    await bucket.list("pages/a:b/");
    await bucket.delete("pages/a b!/1");
    expect(received.map(({ method }) => method)).toEqual(["PUT", "GET", "GET", "DELETE"]);
    for (const call of received) expect(signatureIn(call)).toBe(signatureOf(call));
  });

  it("names the default port neither in its header nor when it connects", async () => {
    const hosts: unknown[] = [];
    const note = (message: unknown) => void hosts.push(Object(message).request.getHeader("host"));
    diagnostics.subscribe("http.client.request.start", note);
    onTestFinished(() => void diagnostics.unsubscribe("http.client.request.start", note));
    // Nobody listens there: the error names the address that was tried.
    const bucket = createBucket({ ...options, url: "http://127.0.0.2/pages", sleep: async () => {} });
    await expect(bucket.get("a")).rejects.toThrow("127.0.0.2:80");
    expect(new Set(hosts)).toEqual(new Set(["127.0.0.2"]));
  });

  it("gives an object's bytes, and nothing where it is not there", async () => {
    const { bucket, received } = await stage([
      { status: 200, body: "sealed" },
      { status: 404, body: "<Error><Code>NoSuchKey</Code></Error>" },
    ]);
    expect((await bucket.get("a"))?.toString()).toBe("sealed");
    expect(await bucket.get("a")).toBeUndefined();
    expect(received[0]).toMatchObject({ method: "GET", path: "/pages-of-people/a", body: "" });
    for (const name of ["content-length", "content-type"]) expect(received[0]?.headers).not.toHaveProperty(name);
  });

  it("lists names as they were given, whatever characters they have", async () => {
    const keys = ["pages/a%3Ab/1", "pages/a%40b%7Cc/2"].map((key) => `<Contents><Key>${key}</Key></Contents>`).join("");
    const { bucket, received } = await stage([
      { status: 200, body: `<ListBucketResult>${keys}</ListBucketResult>` },
      { status: 200, body: "<L/>" },
    ]);
    expect(await bucket.list("pages/a:b/")).toEqual(["pages/a:b/1", "pages/a@b|c/2"]);
    expect(received[0]).toMatchObject({
      method: "GET",
      path: "/pages-of-people/?encoding-type=url&list-type=2&prefix=pages%2Fa%3Ab%2F",
    });
    expect(await bucket.list("none/")).toEqual([]);
  });

  it("deletes one by one", async () => {
    const { bucket, received } = await stage([{ status: 204 }]);
    await bucket.delete("a/b");
    expect(received).toMatchObject([{ method: "DELETE", path: "/pages-of-people/a/b" }]);
  });

  it("tries four times, with longer pauses, where S3 is busy or gone; the last answer counts", async () => {
    const recovering = await stage([{ status: 503 }, { status: gone }, { status: 500 }, { status: 200, body: "x" }]);
    expect((await recovering.bucket.get("a"))?.toString()).toBe("x");
    expect(recovering.paused).toEqual([200, 400, 800]);
    const busy = await stage(times(9, { status: 503, body: "<Error><Code>SlowDown</Code><Key>a</Key></Error>" }));
    await expect(busy.bucket.put("a", Buffer.from("x"))).rejects.toThrow(/^S3 answers 503 SlowDown$/);
    expect([busy.received.length, busy.paused]).toEqual([4, [200, 400, 800]]);
    const closed = await stage(times(9, { status: gone }));
    await expect(closed.bucket.list("a")).rejects.toThrow();
    expect([closed.received.length, closed.paused]).toEqual([4, [200, 400, 800]]);
  });

  it("tries again where S3 says nothing, at once or in the middle; the fourth time it has failed", async () => {
    const answers = [{ status: silent }, { status: stalled }, { status: 200, body: "x" }];
    const recovering = await stage(answers, { timeoutMs: 100 });
    expect((await recovering.bucket.get("a"))?.toString()).toBe("x");
    expect(recovering.paused).toEqual([200, 400]);
    const silentAlways = await stage(times(9, { status: silent }), { timeoutMs: 50 });
    await expect(silentAlways.bucket.get("a")).rejects.toThrow();
    expect([silentAlways.received.length, silentAlways.paused]).toEqual([4, [200, 400, 800]]);
  });

  it("says by one word what S3 refuses, and tries that once", async () => {
    const refused = "<Error><Code>AccessDenied</Code><Message>for acme</Message></Error>";
    const { bucket, received, paused } = await stage([
      { status: 403, body: refused },
      { status: 301 },
      { status: 499, body: `<Error>${" ".repeat(500)}<Code>TooFarBehind</Code></Error>` },
      { status: 400, body: `<Code>${"x".repeat(65)}</Code>` },
      { status: 400, body: `<Code>${"x".repeat(64)}</Code>` },
      { status: 204 },
    ]);
    await expect(bucket.get("a")).rejects.toThrow(/^S3 answers 403 AccessDenied$/);
    await expect(bucket.delete("a")).rejects.toThrow(/^S3 answers 301$/);
    await expect(bucket.list("a")).rejects.toThrow(/^S3 answers 499$/);
    await expect(bucket.get("a")).rejects.toThrow(/^S3 answers 400$/);
    await expect(bucket.get("a")).rejects.toThrow(`S3 answers 400 ${"x".repeat(64)}`);
    await expect(bucket.put("a", Buffer.from("x"))).rejects.toThrow(/^S3 answers 204$/);
    expect([received.length, paused]).toEqual([6, []]);
  });
});

/** The signature that a call brought, and the one that it should have (AWS Signature Version 4). */
const signatureIn = ({ headers }: Received) => /Signature=(\w+)/.exec(`${headers["authorization"]}`)?.[1];
const signatureOf = ({ method, path, headers }: Received): string => {
  const [, names = ""] = /SignedHeaders=([^,]*)/.exec(`${headers["authorization"]}`) ?? [];
  const signed = names.split(";").map((name) => `${name}:${headers[name]}\n`);
  const [place = "", query = ""] = path.split("?");
  const request = [method, place, query, signed.join(""), names, headers["x-amz-content-sha256"]].join("\n");
  const at = `${headers["x-amz-date"]}`;
  const scope = `${at.slice(0, 8)}/eu-central-1/s3/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", at, scope, createHash("sha256").update(request).digest("hex")].join("\n");
  const key = scope.split("/").reduce<Buffer>(hmac, Buffer.from("AWS4not-a-real-key"));
  return hmac(key, text).toString("hex");
};
const hmac = (key: Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
