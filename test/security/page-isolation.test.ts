/**
 * Nobody but its customer gets anything out of the connections page of the deployed stack, or does anything there.
 * It is long because two customers with all they have serve all of it.
 */
import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type * as schema from "#generated/openapi.ts";
import { type Answer, send } from "../support/api.ts";
import { recordFigure } from "../support/evidence.ts";
import { documentedOperations } from "../support/http-contract.ts";
import { connect, createCustomer, startSession, type TestCustomer } from "../support/journey.ts";
import { makeLink, type OpenedPage, openPage, useLink } from "../support/page.ts";
import { patience } from "../support/patience.ts";
import { type Item, itemsAbout } from "../support/table.ts";
import { expectUnchanged } from "../support/unchanged.ts";
import { problemOf } from "../support/ways-in.ts";

interface Side {
  readonly customer: TestCustomer;
  readonly connectionId: string;
  readonly sessionId: string;
  readonly entityId: string;
  readonly page: OpenedPage;
}

const createSide = async (): Promise<Side> => {
  const customer = await createCustomer();
  const { connectionId } = await connect(customer);
  // They are read by themselves, soon after; what is compared later must not change by that.
  const employersRead = async () => {
    const read = (await itemsAbout(connectionId)).flatMap(({ employers }) =>
      Array.isArray(employers) ? employers : [],
    );
    expect(read).not.toEqual([]);
  };
  await vi.waitFor(employersRead, patience);
  const { session_id: sessionId } = await startSession(customer);
  const page = await openPage(customer);
  const view = await page.call("GET", "/page/view");
  const entityId = String(view.json<schema.PageView>().connections[0]?.entities[0]?.id);
  return { customer, connectionId, sessionId, entityId, page };
};

let mine: Side;
let theirs: Side;
beforeAll(async () => {
  [mine, theirs] = await Promise.all([createSide(), createSide()]);
});

/** Every call of the page's script but the one that uses the link, with what it names of a customer. */
const calls = documentedOperations.filter(
  ({ name, path }) => path.startsWith("/page/") && !path.startsWith("/page/assets") && name !== "POST /page/sessions",
);

const pathFor = (path: string, { connectionId, sessionId, entityId }: Omit<Side, "customer" | "page">): string =>
  path.replace("{connection_id}", connectionId).replace("{session_id}", sessionId).replace("{entity_id}", entityId);

const bodyFor = (name: string): unknown =>
  name === "POST /page/connections" ? { authorization_code: "code", state: "A".repeat(64) } : undefined;

/** All that is kept of both, but for when a page was last used: a tab that shows another session still comes from the page. */
const everything = async () => ({
  mine: (await itemsAbout(mine.customer.id, mine.sessionId)).map(withoutLastUse),
  theirs: (await itemsAbout(theirs.customer.id, theirs.sessionId)).map(withoutLastUse),
});

const withoutLastUse = (item: Item): Item => ({ ...item, visit: { ...Object(item["visit"]), seen_at: undefined } });

/** Whatever is answered, it must not tell anything of a side. */
const expectNothingOf = (answer: Answer, { customer, connectionId, sessionId, entityId }: Side) => {
  for (const secret of [customer.id, customer.name, connectionId, sessionId, entityId]) {
    expect(answer.text).not.toContain(secret);
  }
};

describe("the page of one customer", () => {
  const naming = calls.filter(({ path }) => path.includes("{"));

  it("gives the same 404 for what another one has and for what nobody has, and changes neither", async () => {
    await expectUnchanged(everything, async () => {
      for (const { name, method, path } of naming) {
        const change = { json: bodyFor(name) };
        const others = await mine.page.call(method, pathFor(path, theirs), change);
        const nobody = { connectionId: crypto.randomUUID(), sessionId: crypto.randomUUID(), entityId: theirs.entityId };
        const nobodys = await mine.page.call(method, pathFor(path, nobody), change);
        expect([name, others.status, problemOf(others)]).toEqual([name, 404, "not_found"]);
        expect([name, nobodys.status, problemOf(nobodys)]).toEqual([name, 404, "not_found"]);
        expectNothingOf(others, theirs);
      }
    });
    recordFigure(
      "page isolation: calls about another customer's things",
      naming.length,
      "calls",
      "None tells or changes anything of another customer.",
    );
  });

  it("shows nothing of another one in its lists", async () => {
    for (const path of ["/page/view?limit=500", "/page/connections?limit=500"]) {
      const answer = await mine.page.call("GET", path);
      expect(answer.status).toBe(200);
      expect(answer.text).toContain(mine.connectionId);
      expectNothingOf(answer, theirs);
    }
    // A made-up position in the other one's list shows what is there of one's own.
    const at = `${new Date().toISOString()} ${theirs.connectionId}`;
    const cursor = Buffer.from(at).toString("base64url");
    const answer = await mine.page.call("GET", `/page/connections?cursor=${cursor}`, { mayFail: true });
    expectNothingOf(answer, { ...theirs, connectionId: theirs.entityId });
  });
});

describe("every call of the page", () => {
  const [name = "", value = ""] = ["__Host-perch_page", ""];
  const forgedCookies = (): readonly (string | undefined)[] => {
    const own = mine.page.cookie.slice(name.length + 1);
    const other = theirs.page.cookie.slice(name.length + 1);
    const flip = (at: number) => `${own.slice(0, at)}${own[at] === "A" ? "B" : "A"}${own.slice(at + 1)}`;
    return [
      undefined,
      `${name}=${value}`,
      `${name}=${flip(0)}`,
      `${name}=${flip(21)}`,
      `${name}=${flip(30)}`,
      `${name}=${other.slice(0, 22)}${own.slice(22)}`,
      `${name}=${randomBytes(48).toString("base64url")}`,
      `perch_page=${own}`,
      `${mine.page.cookie}; ${theirs.page.cookie}`,
    ];
  };

  it("is refused with a cookie that is missing, altered or put together", async () => {
    let tries = 0;
    await expectUnchanged(everything, async () => {
      tries = 0;
      for (const { name: call, method, path } of calls) {
        for (const cookie of forgedCookies()) {
          const answer = await mine.page.call(method, pathFor(path, mine), {
            json: bodyFor(call),
            headers: { cookie },
          });
          expect([call, answer.status, problemOf(answer)]).toEqual([call, 401, "page_session_ended"]);
          expectNothingOf(answer, mine);
          tries += 1;
        }
      }
    });
    recordFigure("page isolation: forged cookies", tries, "calls", "None is let in.");
  });

  it("is refused when it comes from elsewhere than the page", async () => {
    let tries = 0;
    await expectUnchanged(everything, async () => {
      const evil = "https://evil.example";
      tries = 0;
      for (const { name: call, method, path } of calls) {
        const foreign: readonly Readonly<Record<string, string | undefined>>[] = [
          { origin: evil },
          { origin: "null" },
          { "sec-fetch-site": "cross-site" },
          { "sec-fetch-site": "same-site" },
          ...(method === "GET"
            ? []
            : [{ origin: undefined }, { "content-type": "text/plain" }, { "content-type": undefined }]),
        ];
        for (const headers of foreign) {
          const isText = bodyFor(call) !== undefined && "content-type" in headers;
          const answer = await mine.page.call(method, pathFor(path, mine), { json: bodyFor(call), headers });
          const expected = isText ? [400, "invalid_request"] : [403, "not_same_origin"];
          expect([call, answer.status, problemOf(answer)]).toEqual([call, ...expected]);
          // Nothing lets another site read it, either.
          expect(answer.headers.get("access-control-allow-origin")).toBeNull();
          tries += 1;
        }
        if (method === "GET") continue;
        for (const shown of [undefined, theirs.page.session.page_session_id, "1"]) {
          const answer = await mine.page.call(method, pathFor(path, mine), {
            json: bodyFor(call),
            headers: { "x-perch-page": shown },
          });
          expect([call, answer.status]).toEqual([call, 401]);
          tries += 1;
        }
      }
    });
    recordFigure("page isolation: calls from elsewhere", tries, "calls", "None is answered.");
  });
});

describe("a link to the page", () => {
  it("is not used up by being opened, however often, by whatever looks at links", async () => {
    const link = await makeLink(mine.customer);
    for (const method of ["GET", "HEAD", "GET"]) {
      expect((await send(`${link.pathname}${link.search}`, { method })).status).toBeLessThan(500);
    }
    for (const path of ["/page/sessions", `/page/sessions?link_secret=${link.hash.slice(1)}`]) {
      expect((await send(path)).status).toBe(404);
    }
    expect((await useLink(link)).status).toBe(201);
  });

  it("is used once, however many bring it at the same moment", async () => {
    const link = await makeLink(mine.customer);
    const answers = await Promise.all(Array.from({ length: 10 }, () => useLink(link)));
    const statuses = answers.map(({ status }) => status).toSorted();
    expect(statuses).toEqual([201, ...Array.from({ length: 9 }, () => 410)]);
    for (const answer of answers) expect(answer.headers.getSetCookie()).toHaveLength(answer.status === 201 ? 1 : 0);
    expect(problemOf(await useLink(link))).toBe("link_used");
  });

  it("opens nothing when it is altered, and leads nowhere but to origins of the stage", async () => {
    const link = await makeLink(mine.customer);
    const altered = new URL(link);
    altered.hash = `${link.hash.slice(1, -1)}${link.hash.endsWith("A") ? "B" : "A"}`;
    const refused = await useLink(altered);
    expect([refused.status, problemOf(refused), refused.headers.getSetCookie()]).toEqual([410, "link_expired", []]);
    expect((await useLink(link)).status).toBe(201);
  });
});

it("the page is in no frame, and in no cache", async () => {
  const { headers } = await send("/page");
  expect(headers.get("x-frame-options")).toBe("DENY");
  expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  expect(headers.get("content-security-policy")).not.toMatch(/unsafe|\*|https?:/);
  expect(headers.get("cache-control")).toBe("no-store");
});
