import { request } from "node:http";
import { type Answer, toAnswer } from "./api.ts";
import { readStack } from "./stack.ts";

/** A request as `fetch` would not send it. */
export interface RawRequest {
  readonly method?: string;
  /** `host` among them is sent as it is. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Also with GET. */
  readonly body?: string | Uint8Array;
  /** Where to send it when not to the public address; the path goes behind its path. */
  readonly base?: string;
}

const patienceMs = 45_000;

/**
 * Sends a request byte by byte as it is given: any Host, a path that no browser would leave as it is, a body with GET.
 *
 * @throws Error as `send` of `api.ts`.
 */
export const sendRaw = async (
  path: string,
  { method = "GET", headers = {}, body, base }: RawRequest = {},
): Promise<Answer> => {
  const { apiUrl } = readStack();
  const target = new URL(base ?? apiUrl);
  const reply = await new Promise<{ status: number; headers: Headers; text: string }>((resolve, reject) => {
    const outgoing = request(
      {
        host: target.hostname === "localhost" ? "127.0.0.1" : target.hostname,
        port: target.port,
        path: `${target.pathname === "/" ? "" : target.pathname}${path}`,
        method,
        headers: { ...headers, ...(body !== undefined && { "content-length": String(Buffer.byteLength(body)) }) },
        signal: AbortSignal.timeout(patienceMs),
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          const received = new Headers();
          const raw = incoming.rawHeaders;
          for (let at = 0; at < raw.length; at += 2) received.append(raw[at] ?? "", raw[at + 1] ?? "");
          resolve({ status: incoming.statusCode ?? 0, headers: received, text: Buffer.concat(chunks).toString() });
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
  return toAnswer(method, path.split("?")[0] ?? "", reply);
};
