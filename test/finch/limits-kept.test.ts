import Finch from "@tryfinch/finch-api";
import { describe, expect, it } from "vitest";
import { failureOf, otherApplication, startFinch } from "./support.ts";

type Counted = {
  readonly requests: object;
  readonly beyond: object;
  readonly addressRequests: number;
  readonly blocks: number;
};

const start = async () => {
  const finch = await startFinch();
  const counted = async () => (await finch.control("GET", "limits")).body as unknown as Counted;
  /** Asks so often; what each was answered. */
  const ask = async (accessToken: string, times: number): Promise<ReadonlySet<number>> => {
    const headers = { authorization: `Bearer ${accessToken}` };
    const statuses = new Set<number>();
    for (let left = times; left > 0; left -= 25) {
      const some = Array.from({ length: Math.min(left, 25) }, () => fetch(`${finch.baseURL}/introspect`, { headers }));
      for (const response of await Promise.all(some)) {
        statuses.add(response.status);
        await response.text();
      }
    }
    return statuses;
  };
  const pass = (ms: number) => finch.control("POST", "clock", { advance_ms: ms });
  return { ...finch, counted, ask, pass };
};

describe("the limit of a product", () => {
  it("is answered with Finch's 429, which says nothing of when to come back, over all customers", async () => {
    const { connectAndExchange, as, counted, pass } = await start();
    const one = await connectAndExchange();
    const two = await connectAndExchange({ customer_id: "zenith", customer_name: "Zenith" });
    const read = ({ access_token }: { access_token: string }) => as(access_token).hris.company.retrieve();
    for (let times = 0; times < 10; times += 1) await Promise.all([read(one), read(two)]);
    const error = await failureOf(read(two));
    expect(error).toBeInstanceOf(Finch.RateLimitError);
    expect(error).toMatchObject({
      error: {
        statusCode: 429,
        status: 429,
        code: 429,
        message: "Too many requests for token",
        name: "rate_limit_exceeded_error",
        finch_code: "finch_application_rl",
      },
    });
    for (const header of ["retry-after", "retry-after-ms", "x-should-retry"]) {
      expect((error as InstanceType<typeof Finch.RateLimitError>).headers.get(header)).toBeNull();
    }
    expect((await as(one.access_token).hris.directory.list()).individuals).toHaveLength(20);
    await pass(60_000);
    expect(await read(two)).toMatchObject({ legal_name: "Zenith" });
    expect(await counted()).toMatchObject({
      requests: { company: 22, directory: 1 },
      beyond: { company: 1 },
      blocks: 0,
    });
  });

  it("is another application's by itself", async () => {
    const { control, as } = await start();
    const body = { provider: "gusto", company: "Acme" };
    const mint = async (more: object) => {
      const { body: minted } = await control("POST", "tokens", { ...body, ...more });
      return (minted as unknown as { access_token: string }).access_token;
    };
    const [own, other] = [await mint({}), await mint({ client_id: otherApplication.clientId })];
    const read = (token: string) => as(token).hris.company.retrieve();
    for (let times = 0; times < 20; times += 1) await read(own);
    expect(await failureOf(read(own))).toMatchObject({ status: 429 });
    expect(await read(other)).toMatchObject({ legal_name: "Acme" });
  });

  it("comes before a queued fault, and a fault counts", async () => {
    const { connectAndExchange, control, as } = await start();
    const { access_token } = await connectAndExchange();
    const read = () => failureOf(as(access_token).hris.company.retrieve());
    await control("POST", "faults", { path: "/employer/company", kind: "server_error", times: 21 });
    for (let times = 0; times < 20; times += 1) expect(await read()).toMatchObject({ status: 500 });
    expect(await read()).toMatchObject({ status: 429 });
  });

  it("is used up further by an SDK that retries", async () => {
    const { connectAndExchange, as, counted } = await start();
    const { access_token } = await connectAndExchange();
    for (let times = 0; times < 20; times += 1) await as(access_token).hris.company.retrieve();
    await failureOf(as(access_token).withOptions({ maxRetries: 2 }).hris.company.retrieve());
    expect(await counted()).toMatchObject({ beyond: { company: 3 } });
  });

  it("can be lifted and set again, and is counted on", async () => {
    const { connectAndExchange, control, as, counted } = await start();
    const { access_token } = await connectAndExchange();
    const read = () => as(access_token).hris.company.retrieve();
    await control("POST", "settings", { productLimits: "lifted" });
    for (let times = 0; times < 25; times += 1) await read();
    expect(await counted()).toMatchObject({ beyond: { company: 5 } });
    await control("POST", "settings", { productLimits: "kept" });
    expect(await failureOf(read())).toMatchObject({ status: 429 });
    await control("DELETE", "limits");
    await read();
    expect(await counted()).toMatchObject({ requests: { company: 1 }, beyond: {} });
  });
});

describe("the limit of an address", () => {
  it("shuts out after 1,000 requests in 5 minutes, for an hour, but not the pages of Connect or the control door", async () => {
    const { baseURL, connect, connectAndExchange, as, ask, counted, pass } = await start();
    const { access_token } = await connectAndExchange();
    const { addressRequests } = await counted();
    const introspect = () => as(access_token).account.introspect();
    expect(await ask(access_token, 1000 - addressRequests)).toEqual(new Set([200]));
    expect(await failureOf(introspect())).toMatchObject({
      status: 429,
      error: { name: "rate_limit_exceeded_error", finch_code: "finch_api_ip_rl" },
    });
    expect(await failureOf(as(access_token).providers.list())).toMatchObject({ status: 429 });
    expect(await failureOf(connect())).toMatchObject({ status: 429 });
    expect((await fetch(`${baseURL}/health`)).status).toBe(200);
    expect((await fetch(`${baseURL}/authorize?session=none`)).status).toBe(404);
    await pass(59 * 60_000);
    expect(await failureOf(introspect())).toMatchObject({ status: 429 });
    await pass(60_000);
    await introspect();
    expect(await counted()).toMatchObject({ beyond: { address: 4 }, blocks: 1 });
  });

  it("can be lifted", async () => {
    const { connectAndExchange, control, ask, counted } = await start();
    const { access_token } = await connectAndExchange();
    await control("POST", "settings", { addressLimit: "lifted" });
    expect(await ask(access_token, 1010)).toEqual(new Set([200]));
    expect(await counted()).toMatchObject({ blocks: 0 });
  });
});
