/** Runs the functions as they are deployed, wiring and all, and counts what an invocation asks of AWS. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../local/stack/places.ts";
import { accessLogBytes, assumedMs, headerBytes, platformLogBytes } from "./durations.ts";
import { nothing, sum, type Usage } from "./usage.ts";

type Handler = (event: unknown, context: object) => Promise<unknown>;

/** What the gateway hands back. */
export interface Answer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly body: string;
}

/** A request, as the gateway hands it over. */
export interface Request {
  /** The gateway's route, such as `GET /page/view`, of a function that has several. */
  readonly route?: string;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly body?: unknown;
}

/** A running invocation; who invoked it waits for it. */
interface Invocation {
  readonly functionName: string;
  readonly calls: string[];
  /** How many of its calls are on their way. */
  unanswered: number;
  /** How often it has waited: a call that is made while another is on its way is waited for with it. */
  roundTrips: number;
}

/** What an invocation asked of AWS and Finch. */
export interface Asked {
  /** In their order. */
  readonly calls: readonly string[];
  readonly roundTrips: number;
}

/** How much of CloudWatch's is beside each line. */
const perLineBytes = 26;
/** How exactly bytes are counted. */
const roundedTo = 50;

/** Hosts functions; AWS and Finch tell it what they are asked. */
export const createHost = () => {
  let used = nothing;
  const running: Invocation[] = [];
  const finished: Invocation[] = [];
  const loaded = new Map<string, Promise<Handler>>();
  const add = (usage: Partial<Usage>) => {
    used = sum(used, usage);
  };

  const load = (name: string): Promise<Handler> => {
    const url = pathToFileURL(join(root, "functions", name, "index.ts")).href;
    const handler = loaded.get(name) ?? import(url).then((module: { readonly handler: Handler }) => module.handler);
    loaded.set(name, handler);
    return handler;
  };

  /** Each that is running waits for what the last of them calls. */
  const noteCall = (call: string, usage: Partial<Usage>) => {
    running.at(-1)?.calls.push(call);
    const waiting = Math.max(1, running.length);
    add({ ...usage, lambdaMs: (usage.lambdaMs ?? 0) * waiting, finchMs: (usage.finchMs ?? 0) * waiting });
  };

  /** A call arrives; returns what is to be called when it is answered. */
  const noteArrival = (): (() => void) => {
    const invocation = running.at(-1);
    if (invocation === undefined) return () => {};
    if (invocation.unanswered === 0) invocation.roundTrips += 1;
    invocation.unanswered += 1;
    return () => {
      invocation.unanswered -= 1;
    };
  };

  const invoke = async (name: string, event: unknown): Promise<unknown> => {
    const handler = await load(name);
    const invocation: Invocation = { functionName: name, calls: [], unanswered: 0, roundTrips: 0 };
    running.push(invocation);
    add({ invocations: 1, lambdaMs: assumedMs.ownCode * running.length, logBytes: platformLogBytes });
    try {
      return await handler(event, { awsRequestId: randomUUID(), getRemainingTimeInMillis: () => 240_000 });
    } finally {
      running.pop();
      finished.push(invocation);
    }
  };

  /** What a function writes to standard output is its log: counted, and not shown. */
  const captureLog = (): (() => void) => {
    const write = process.stdout.write;
    process.stdout.write = ((text: string) => {
      const bytes = Buffer.byteLength(text.replace(/"duration_ms":\d+/, '"duration_ms":10')) + perLineBytes;
      add({ logBytes: Math.ceil(bytes / roundedTo) * roundedTo });
      return true;
    }) as typeof process.stdout.write;
    return () => {
      process.stdout.write = write;
    };
  };

  return {
    noteCall,
    noteArrival,
    invoke,
    captureLog,
    /** Adds what is used around the functions. */
    add,
    used: () => used,
    /** What the last invocation of this function asked. @throws Error when there was none. */
    lastAsked: (name: string): Asked => {
      const invocation = finished.findLast(({ functionName }) => functionName === name);
      if (invocation === undefined) throw new Error(`${name} was not invoked`);
      return invocation;
    },
    /** Goes through the gateway. @throws Error for an answer of another status. */
    request: async (
      name: string,
      status: number,
      { route, path = {}, query = {}, headers, cookies, body }: Request = {},
    ) => {
      const reply = (await invoke(name, {
        version: "2.0",
        routeKey: route,
        pathParameters: path,
        queryStringParameters: query,
        rawQueryString: new URLSearchParams(query).toString(),
        cookies,
        headers: { "content-type": "application/json", ...headers },
        body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
        requestContext: {
          requestId: "JKJaXmPLvHcESHA=",
          http: { method: route?.split(" ", 1)[0] },
          authorizer: {
            jwt: { claims: { client_id: "3n4b5urk1ft4fl3mg5e62d9ado", sub: "3n4b5urk1ft4fl3mg5e62d9ado" } },
          },
        },
      })) as Answer;
      if (reply.statusCode !== status) throw new Error(`${name} answers ${reply.statusCode}: ${reply.body}`);
      const bytesOut = Math.ceil((Buffer.byteLength(reply.body) + headerBytes) / roundedTo) * roundedTo;
      add({ gatewayRequests: 1, bytesOut, logBytes: accessLogBytes });
      return reply;
    },
  };
};
