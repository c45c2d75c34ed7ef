/** A browser is sent back only to an origin that the stage lists, whatever an address looks like. */
import { describe, expect, it } from "vitest";
import type * as schema from "#generated/openapi.ts";
import { callBackend } from "../support/api.ts";
import { createBrowser } from "../support/browser.ts";
import { readFinch } from "../support/finch.ts";
import { comeBack, createCustomer, reachCallback, startSession } from "../support/journey.ts";
import { countKinds, itemsAbout } from "../support/table.ts";

const elsewhere = [
  "http://localhost:3000.evil.example/",
  "http://localhost.evil.example:3000/",
  "http://localhost:3000@evil.example/",
  "http://localhost:3000%40evil.example/",
  "http://user:pass@localhost:3000/",
  "http://user@localhost:3000/",
  "http://evil.example/http://localhost:3000/",
  "http://evil.example#http://localhost:3000/",
  "http://evil.example?http://localhost:3000/",
  "http://localhost:3001/",
  "http://localhost/",
  "http://localhost:30000/",
  "http://localhost:03000.example/",
  "https://localhost:3000/",
  "https://evil.example/",
  "https://localhost:3000.evil.example/",
  "http://127.0.0.1:3000/",
  "http://[::1]:3000/",
  "http://localhost.:3000/",
  "http://localhost:3000./",
  "http://LOCALHOST:3000/",
  "HTTP://localhost:3000/",
  "http:\\\\localhost:3000/",
  "http://localhost:3000\\@evil.example/",
  "http://localhost:3000\\.evil.example/",
  "http://evil.example\\@localhost:3000/",
  "http:/localhost:3000/",
  "http:localhost:3000/",
  "http:///localhost:3000/",
  "//localhost:3000/",
  "//evil.example/",
  "/integrations",
  "/\\evil.example/",
  "localhost:3000/",
  " http://localhost:3000/",
  "http://localhost:3000/ ",
  "http://local\thost:3000/",
  "http://localhost:3000/\r\nset-cookie: a=b",
  "http://localhost:3000/\n",
  "http://lоcalhost:3000/",
  "http://localhost:3000/é",
  "javascript:alert(1)//http://localhost:3000/",
  "data:text/html,http://localhost:3000/",
  "blob:http://localhost:3000/1",
  "file:///etc/passwd",
  "",
  "x".repeat(3_000),
];

describe.concurrent("return_url", () => {
  it("of another origin is refused, naming the field, and nothing is stored or asked of Finch", async () => {
    const customer = await createCustomer();
    for (const url of [...elsewhere, null, 1, ["http://localhost:3000/"], {}]) {
      const answer = await callBackend(`${customer.path}/connect-sessions`, {
        json: { products: ["company"], return_url: url },
      });
      expect(answer.status, String(url)).toBe(400);
      const { type, errors } = answer.json<schema.Problem>();
      expect(type).toMatch(/:(invalid_request|return_url_not_allowed)$/);
      expect(new Set(errors?.map((error) => error.field)), String(url)).toEqual(new Set(["body.return_url"]));
      expect(answer.text).not.toContain("evil");
    }
    expect(countKinds(await itemsAbout(customer.id))).toEqual({ CUSTOMER: 1 });
    expect((await readFinch()).sessions.filter((session) => session.customer.id === customer.id)).toEqual([]);
  });

  it.for([
    "http://localhost:3000",
    "http://localhost:3000/",
    "http://localhost:3000//evil.example/",
    "http://localhost:3000/..//evil.example/",
    "http://localhost:3000/%2F%2Fevil.example?next=http://evil.example#http://evil.example",
    "http://localhost:3000?status=connected&session_id=forged&connection_id=forged",
  ])("%s stays at its origin, with Perch's own parameters", async (url) => {
    const customer = await createCustomer();
    const session = await startSession(customer, { return_url: url });
    const browser = createBrowser();
    const back = (await comeBack(browser, await reachCallback(browser, session))).location;
    expect(back?.origin).toBe("http://localhost:3000");
    expect(back?.pathname).toBe(new URL(url).pathname);
    expect(back?.searchParams.getAll("session_id")).toEqual([session.session_id]);
    expect(back?.searchParams.getAll("status")).toEqual(["connected"]);
    expect(back?.searchParams.getAll("connection_id")).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
  });
});
