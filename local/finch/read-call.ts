/** Reads a request as a whole, so that routes are plain functions. */
import type { IncomingMessage } from "node:http";
import type { Call } from "./http.ts";

/** A batch of 10,000 people takes some 700 KB. */
const bodyLimitBytes = 2 * 1024 * 1024;

/** Reads the call; undefined when its address is no address or its body exceeds the limit. */
export const readCall = async (request: IncomingMessage): Promise<Call | undefined> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size <= bodyLimitBytes) chunks.push(chunk as Buffer);
  }
  const address = request.url ?? "";
  if (size > bodyLimitBytes || !address.startsWith("/") || !URL.canParse(`http://finch${address}`)) return undefined;
  const { pathname, searchParams } = new URL(`http://finch${address}`);
  const { authorization, origin } = request.headers;
  return {
    method: request.method ?? "GET",
    path: pathname,
    query: searchParams,
    authorization,
    origin,
    address: request.socket.remoteAddress ?? "",
    body: Buffer.concat(chunks).toString("utf8"),
  };
};
