import {
  Agent,
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import { describePortProblem } from "./ports.ts";
import { Refusal } from "./refusal.ts";

/** Where requests go. */
export interface ProxyTarget {
  readonly endpoint: string;
  readonly apiId: string;
}

/** The public address of the local stack. */
export interface Proxy {
  /** Sends requests on from now on; before, they are answered with 503. */
  readonly open: (target: ProxyTarget) => void;
  readonly close: () => Promise<void>;
}

/** Of one hop only (RFC 9110 §7.6.1), or written anew. */
const notPassedOn = new Set(["connection", "keep-alive", "upgrade", "proxy-authorization", "te", "trailer", "host"]);
const notPassedBack = new Set(["connection", "keep-alive", "transfer-encoding"]);

/**
 * Listens at `http://localhost:PORT`, on the loopback addresses only.
 *
 * @throws Refusal that names the port when it cannot be had.
 */
export const listenAtPublicPort = async (port: number): Promise<Proxy> => {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  let target: ProxyTarget | undefined;
  const answer = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (target === undefined) {
      outgoing.writeHead(503, { "content-type": "text/plain", "retry-after": "5" }).end("Perch is starting.\n");
      return;
    }
    passOn({ ...target, agent, port }, incoming, outgoing);
  };
  const servers = [createServer(answer), createServer(answer)] as const;
  await listen(servers[0], port, "127.0.0.1", []);
  try {
    // Browsers may take localhost for ::1. A machine without IPv6 has no such address.
    await listen(servers[1], port, "::1", ["EADDRNOTAVAIL", "EAFNOSUPPORT", "EINVAL"]);
  } catch (error) {
    servers[0].close();
    throw error;
  }
  return {
    open(to) {
      target = to;
    },
    async close() {
      await Promise.all(servers.map(closeNow));
      agent.destroy();
    },
  };
};

const listen = (server: Server, port: number, host: string, acceptable: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const code = error.code ?? "unknown";
      if (acceptable.includes(code)) resolve();
      else reject(new Refusal(describePortProblem(port, code)));
    });
    server.listen({ port, host, ipv6Only: host === "::1" }, () => resolve());
  });

const closeNow = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    if (!server.listening) return resolve();
    server.close(() => resolve());
    server.closeAllConnections();
  });

/**
 * Passes a request to the API's default stage, as a custom domain does on AWS: Perch's paths begin at the root, the forwarding
 * headers are set like the gateway's, and what the caller wrote into the others arrives as it is. The token endpoint of the
 * emulated Cognito is at the same address.
 */
const passOn = (
  { endpoint, apiId, agent, port }: ProxyTarget & { readonly agent: Agent; readonly port: number },
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void => {
  const path = incoming.url ?? "/";
  if (!path.startsWith("/")) {
    outgoing.writeHead(400, { "content-type": "application/json" }).end('{"message":"Bad Request"}');
    return;
  }
  const upstream = new URL(endpoint);
  const prefix = `/_aws/execute-api/${apiId}/$default`;
  const isTokenEndpoint = path.split("?")[0] === "/oauth2/token";
  const headers: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined && !notPassedOn.has(name)) headers[name] = value;
  }
  const callers = [incoming.headers["x-forwarded-for"], incoming.socket.remoteAddress].flat();
  Object.assign(headers, {
    host: upstream.host,
    "x-forwarded-for": callers.filter((address) => address !== undefined).join(", "),
    "x-forwarded-proto": "http",
    "x-forwarded-port": String(port),
  });
  const onward = request(
    {
      hostname: upstream.hostname,
      port: upstream.port,
      method: incoming.method,
      path: isTokenEndpoint ? path : `${prefix}${path}`,
      headers,
      agent,
    },
    (reply) => {
      const raw = reply.rawHeaders;
      // Raw, because several Set-Cookie headers must stay apart.
      const passedBack = raw.flatMap((name, index) =>
        index % 2 === 1 || notPassedBack.has(name.toLowerCase()) ? [] : [name, raw[index + 1] ?? ""],
      );
      outgoing.writeHead(reply.statusCode ?? 502, passedBack);
      reply.pipe(outgoing);
      reply.on("error", () => outgoing.destroy());
    },
  );
  onward.on("error", () => {
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(503, { "content-type": "application/json" }).end('{"message":"Service Unavailable"}');
  });
  outgoing.on("close", () => onward.destroy());
  incoming.pipe(onward);
};
