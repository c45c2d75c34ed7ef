/** A way to the simulated Finch on which each call is counted. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { Noting } from "./counting-aws.ts";
import { assumedMs } from "./durations.ts";

/** Hands on what Perch asks of Finch. */
export const startCountingFinch = async (finchUrl: string, { noteCall: note, noteArrival }: Noting) => {
  const server = createServer(async (request, response) => {
    const { method = "GET", url = "/", headers } = request;
    response.once("finish", noteArrival());
    note(`finch.${method} ${url}`, { finchMs: assumedMs.finch });
    const body = await buffer(request);
    const kept = ["authorization", "content-type", "finch-api-version"];
    const answered = await fetch(new URL(url, finchUrl), {
      method,
      headers: Object.fromEntries(kept.flatMap((name) => (headers[name] ? [[name, String(headers[name])]] : []))),
      ...(body.length > 0 && { body: new Uint8Array(body) }),
    });
    response.writeHead(answered.status, { "content-type": answered.headers.get("content-type") ?? "text/plain" });
    response.end(Buffer.from(await answered.arrayBuffer()));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};
