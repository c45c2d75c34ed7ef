import type { Readable } from "node:stream";
import { buffer as readBuffer } from "node:stream/consumers";
import { Hash } from "@smithy/core/serde";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { SignatureV4, type SignatureV4Init } from "@smithy/signature-v4";

/** Objects of one bucket, by their keys. */
export interface Bucket {
  readonly put: (key: string, body: Uint8Array) => Promise<void>;
  /** Undefined for one that is not there. */
  readonly get: (key: string) => Promise<Buffer | undefined>;
  /** The first keys that begin so, a thousand at most; S3 answers consistently. */
  readonly list: (prefix: string) => Promise<readonly string[]>;
  /** One that is not there is as good as deleted. */
  readonly delete: (key: string) => Promise<void>;
}

/** Where a bucket is, and who calls. */
export interface BucketOptions {
  /** The bucket's address, without a slash at its end. */
  readonly url: string;
  readonly region: string;
  readonly credentials: SignatureV4Init["credentials"];
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** How long S3 may say nothing at all. */
  readonly timeoutMs?: number;
}

interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

const mostTries = 4;
const firstPauseMs = 100;

/**
 * A bucket over S3's REST API, signed and sent by the parts that all clients of the SDK have. S3's own client is 85 KB of a
 * bundle, for checksums, XML and addresses that four calls do not need: `docs/adr/0012`.
 */
export const createBucket = ({ url, region, credentials, sleep, timeoutMs = 30_000 }: BucketOptions): Bucket => {
  const { protocol, hostname, port, pathname } = new URL(url);
  const base = pathname === "/" ? "" : pathname;
  const handler = new NodeHttpHandler({
    ...{ connectionTimeout: 2_000, requestTimeout: timeoutMs, socketTimeout: timeoutMs },
    // Without it the handler writes a warning, and waits on.
    throwOnRequestTimeout: true,
  });
  const signer = new SignatureV4({ region, credentials, service: "s3", sha256: Sha256, uriEscapePath: false });

  const callOnce = async (
    method: string,
    key: string,
    { query = {}, body }: { readonly query?: Record<string, string>; readonly body?: Uint8Array | undefined },
  ): Promise<Answer> => {
    const headers = {
      host: port === "" ? hostname : `${hostname}:${port}`,
      ...(body && { "content-length": `${body.byteLength}`, "content-type": "application/octet-stream" }),
    };
    const place = { protocol, hostname, path: `${base}/${escapeKey(key)}`, ...(port !== "" && { port: Number(port) }) };
    const signed = await signer.sign({ ...place, method, headers, query, body });
    const { response } = await handler.handle(signed as Parameters<typeof handler.handle>[0]);
    return { status: response.statusCode, body: await readBuffer(response.body as Readable) };
  };

  /** All four can be repeated without harm. */
  const call: typeof callOnce = async (method, key, more) => {
    for (let tries = 1; ; tries += 1) {
      try {
        const answer = await callOnce(method, key, more);
        if (answer.status < 500 || tries === mostTries) return answer;
      } catch (error) {
        if (tries === mostTries) throw error;
      }
      await sleep(firstPauseMs * 2 ** tries);
    }
  };

  return {
    async put(key, body) {
      expectStatus(await call("PUT", key, { body }), 200);
    },

    async get(key) {
      const answer = await call("GET", key, {});
      if (answer.status === 404) return undefined;
      return expectStatus(answer, 200).body;
    },

    async list(prefix) {
      const query = { "list-type": "2", "encoding-type": "url", prefix };
      const { body } = expectStatus(await call("GET", "", { query }), 200);
      return [...body.toString("utf8").matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = ""]) => decodeURIComponent(key));
    },

    async delete(key) {
      expectStatus(await call("DELETE", key, {}), 204);
    },
  };
};

/** S3 says what is wrong by a word; no more of its answer is told. @throws Error for another status. */
const expectStatus = (answer: Answer, status: number): Answer => {
  if (answer.status === status) return answer;
  const [, code = ""] = /<Code>(\w{1,64})<\/Code>/.exec(answer.body.toString("latin1", 0, 500)) ?? [];
  throw new Error(`S3 answers ${answer.status} ${code}`.trimEnd());
};

/** As S3 signs it: all but what RFC 3986 leaves as it is, and the slashes. */
const escapeKey = (key: string): string =>
  key
    .split("/")
    .map((part) =>
      encodeURIComponent(part).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),
    )
    .join("/");

class Sha256 extends Hash {
  constructor(secret?: ConstructorParameters<typeof Hash>[1]) {
    super("sha256", secret);
  }
}
