import { gzipSync } from "node:zlib";
import type { Reply } from "./reply.ts";

type Headers = Readonly<Record<string, string>>;

/** Whether whoever asks takes gzip (RFC 9110 section 12.5.3). The gateway compresses nothing. */
export const acceptsGzip = (headers: Headers): boolean =>
  /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(headers["accept-encoding"] ?? "");

/** Below it, a reply fits into one packet as it is. */
const fewestBytes = 1_400;

/** The reply gzipped, if it is large and whoever asks takes that. */
export const gzipped = (reply: Reply, headers: Headers): Reply =>
  reply.body.length < fewestBytes || !acceptsGzip(headers)
    ? reply
    : {
        ...reply,
        headers: { ...reply.headers, "content-encoding": "gzip" },
        body: gzipSync(reply.body).toString("base64"),
        isBase64Encoded: true,
      };
