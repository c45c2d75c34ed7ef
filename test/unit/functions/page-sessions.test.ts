/** A session of the connections page, from its link to its end. It is long because each way in and each end is here. */
import { describe, expect, it } from "vitest";
import { newCustomerId, noon } from "../../support/builders.ts";
import { createPageSetting, fromPage, publicUrl } from "./page-setting.ts";
import { codeOf } from "./support.ts";

const create = "POST /v1/customers/{customer_id}/page-sessions";
const [open, close, renew, view] = [
  "POST /page/sessions",
  "DELETE /page/sessions",
  "POST /page/sessions/renew",
  "GET /page/view",
];

describe("a link to the connections page", () => {
  it("has its secret in the fragment, and works for ten minutes unless another time is asked for", async () => {
    const { ask, openPage } = createPageSetting();
    const { customerId } = await openPage();
    const path = { customer_id: customerId };
    const usual = await ask("create", create, { path });
    expect([usual.status, usual.body["expires_at"]]).toEqual([201, "2031-05-06T12:10:00.000Z"]);
    const url = new URL(String(usual.body["url"]));
    expect([url.origin + url.pathname, url.search]).toEqual([`${publicUrl}/page`, ""]);
    expect(url.hash).toMatch(/^#[A-Za-z0-9_-]{64}$/);
    const other = await ask("create", create, { path, body: { link_minutes: 1, language: "es" } });
    expect([other.body["expires_at"], new URL(String(other.body["url"])).search]).toEqual([
      "2031-05-06T12:01:00.000Z",
      "?lang=es",
    ]);
  });

  it("is not made for a customer that is unknown or going, with a foreign return URL, or in an unknown language", async () => {
    const { ask, openPage, stores } = createPageSetting();
    expect((await ask("create", create, { path: { customer_id: newCustomerId() } })).status).toBe(404);
    const { customerId } = await openPage();
    const path = { customer_id: customerId };
    const elsewhere = await ask("create", create, {
      path,
      body: { return_url: "https://app.example.com.evil.example" },
    });
    expect([elsewhere.status, codeOf(elsewhere)]).toEqual([400, "return_url_not_allowed"]);
    const klingon = await ask("create", create, { path, body: { language: "tlh" } });
    expect(klingon.body.errors).toEqual([
      { field: "body.language", message: "must be one of the stage's languages en, es" },
    ]);
    const customer = stores.memory.customers.get(customerId);
    if (customer === undefined) throw new Error("no customer");
    const deletion = { deletionId: "d", requestedAt: customer.createdAt } as unknown as NonNullable<
      typeof customer.deletion
    >;
    stores.memory.customers.set(customerId, { ...customer, deletion });
    expect(codeOf(await ask("create", create, { path }))).toBe("customer_deleting");
  });

  it("opens the page once, for one browser, with a cookie that neither scripts nor other sites' requests have", async () => {
    const { ask, openPage, use, lines } = createPageSetting();
    const { customerId, secret, cookie, id } = await openPage();
    expect(cookie).toMatch(/^__Host-perch_page=[A-Za-z0-9_-]{64}$/);
    const again = await use(secret);
    expect([again.status, codeOf(again), again.cookies]).toEqual([410, "link_used", []]);
    const made = await ask("create", create, { path: { customer_id: customerId } });
    const second = await use(new URL(String(made.body["url"])).hash.slice(1));
    expect(second.cookies[0]).toMatch(
      /^__Host-perch_page=[\w-]{64}; Max-Age=28800; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(second.body).toEqual({
      page_session_id: expect.not.stringMatching(id),
      expires_at: "2031-05-06T12:30:00.000Z",
      ends_at: "2031-05-06T20:00:00.000Z",
      ...{ idle_minutes: 30, return_url: null, language: null },
    });
    for (const hidden of [secret, cookie.split("=")[1] ?? ""]) expect(lines.join()).not.toContain(hidden);
  });

  it("leaves an entry in the audit when it is used, before anybody is in, and none when it is refused", async () => {
    const { ask, openPage, use, stores, failAudit } = createPageSetting();
    const { customerId, secret, id } = await openPage();
    expect(stores.memory.audit.map(({ action }) => action)).toEqual(["page_session_created", "page_link_opened"]);
    const entry = { customerId, connectionId: null, at: noon, caller: `page:${id}` };
    expect(stores.memory.audit.at(-1)).toMatchObject(entry);
    await use(secret);
    await use(`${secret.slice(0, -4)}AAAA`);
    expect(stores.memory.audit).toHaveLength(2);
    const made = await ask("create", create, { path: { customer_id: customerId } });
    failAudit();
    const failed = await use(new URL(String(made.body["url"])).hash.slice(1));
    expect([failed.status, failed.cookies]).toEqual([500, []]);
  });

  it("is not used up by anybody who does not have it, or who is not on the page", async () => {
    const { ask, openPage, use } = createPageSetting();
    const { customerId } = await openPage();
    const made = await ask("create", create, { path: { customer_id: customerId } });
    const secret = new URL(String(made.body["url"])).hash.slice(1);
    const altered = secret.slice(0, -2) + (secret.endsWith("AA") ? "BA" : "AA");
    for (const wrong of [altered, secret.slice(1), `${secret}A`, "x"]) {
      const refused = await use(wrong);
      expect([refused.status, codeOf(refused), refused.cookies]).toEqual([410, "link_expired", []]);
    }
    const foreign = [
      { origin: "https://evil.example" },
      { origin: `${publicUrl}.evil.example` },
      { origin: "null" },
      { origin: publicUrl, "sec-fetch-site": "cross-site" },
      { origin: publicUrl, "sec-fetch-site": "same-site" },
      { origin: publicUrl, "sec-fetch-site": "none" },
      { "sec-fetch-site": "same-origin" },
    ];
    for (const headers of foreign) expect(codeOf(await use(secret, headers as never))).toBe("not_same_origin");
    expect((await use(secret)).status).toBe(201);
  });

  it("does not work any more once its time is over", async () => {
    const { ask, openPage, use, wait } = createPageSetting();
    const { customerId } = await openPage();
    const links = await Promise.all([1, 2].map(() => ask("create", create, { path: { customer_id: customerId } })));
    const [one = "", other = ""] = links.map((link) => new URL(String(link.body["url"])).hash.slice(1));
    wait(9.99);
    expect((await use(one)).status).toBe(201);
    wait(0.01);
    expect(codeOf(await use(other))).toBe("link_expired");
  });

  it("of a former life of the customer opens nothing", async () => {
    const { ask, openPage, stores, use } = createPageSetting();
    const { customerId } = await openPage();
    const made = await ask("create", create, { path: { customer_id: customerId } });
    const customer = stores.memory.customers.get(customerId);
    if (customer === undefined) throw new Error("no customer");
    stores.memory.customers.set(customerId, { ...customer, incarnation: "another" });
    expect(codeOf(await use(new URL(String(made.body["url"])).hash.slice(1)))).toBe("link_expired");
  });
});

describe("a session of the connections page", () => {
  const isOver = (answer: Awaited<ReturnType<ReturnType<typeof createPageSetting>["ask"]>>) =>
    expect([answer.status, codeOf(answer)]).toEqual([401, "page_session_ended"]);

  it("ends after 30 minutes without use, and not before", async () => {
    const { ask, openPage, wait } = createPageSetting();
    const { cookies, headers } = await openPage();
    wait(29.9);
    expect((await ask("read", view, { cookies })).status).toBe(200);
    wait(29.9);
    expect((await ask("open", renew, { cookies, headers })).body["expires_at"]).toBe("2031-05-06T13:29:48.000Z");
    wait(30);
    isOver(await ask("read", view, { cookies }));
    isOver(await ask("open", renew, { cookies, headers }));
  });

  it("ends after 8 hours, however much it is used", async () => {
    const { ask, openPage, wait } = createPageSetting();
    const { cookies, headers } = await openPage();
    for (let used = 0; used < 24; used += 1) {
      const renewed = await ask("open", renew, { cookies, headers });
      expect([renewed.status, renewed.body["ends_at"]]).toEqual([200, "2031-05-06T20:00:00.000Z"]);
      if (used === 23) expect(renewed.body["expires_at"]).toBe("2031-05-06T20:00:00.000Z");
      wait(20);
    }
    isOver(await ask("read", view, { cookies }));
  });

  it("ends when it is closed, and its link and cookie open nothing any more", async () => {
    const { ask, openPage, use } = createPageSetting();
    const { cookies, headers, secret } = await openPage();
    const closed = await ask("open", close, { cookies, headers });
    expect([closed.status, closed.cookies]).toEqual([
      204,
      ["__Host-perch_page=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax"],
    ]);
    isOver(await ask("read", view, { cookies }));
    expect((await use(secret)).status).toBe(410);
  });

  it("leaves an entry in the audit when it is closed, once", async () => {
    const { ask, openPage, stores, failAudit } = createPageSetting();
    const { cookies, headers, customerId, id } = await openPage();
    await ask("open", close, { cookies, headers });
    const entry = { action: "page_session_closed", customerId, connectionId: null, caller: `page:${id}` };
    expect(stores.memory.audit.at(-1)).toMatchObject(entry);
    isOver(await ask("open", close, { cookies, headers }));
    expect(stores.memory.audit).toHaveLength(3);
    const other = await openPage();
    failAudit();
    expect((await ask("open", close, { cookies: other.cookies, headers: other.headers })).status).toBe(500);
    isOver(await ask("read", view, { cookies: other.cookies }));
  });

  it("ends with its customer: on its way out, gone, or made anew", async () => {
    const { ask, openPage, stores } = createPageSetting();
    const { cookies, customerId } = await openPage();
    const customer = stores.memory.customers.get(customerId);
    if (customer === undefined) throw new Error("no customer");
    const deletion = { deletionId: "d", requestedAt: customer.createdAt } as never;
    for (const changed of [
      { ...customer, deletion },
      { ...customer, incarnation: "another" },
    ]) {
      stores.memory.customers.set(customerId, changed);
      isOver(await ask("read", view, { cookies }));
    }
    stores.memory.customers.delete(customerId);
    isOver(await ask("read", view, { cookies }));
  });

  it("is opened by its own cookie only", async () => {
    const { ask, openPage, lines } = createPageSetting();
    const [mine, theirs] = [await openPage(), await openPage()];
    const [name = "", value = ""] = mine.cookie.split("=");
    const [, other = ""] = theirs.cookie.split("=");
    const unused = await ask("create", create, { path: { customer_id: mine.customerId } });
    const forged = [
      [],
      [`${name}=`],
      [`${name}=${new URL(String(unused.body["url"])).hash.slice(1)}`],
      [`${name}=${mine.secret}`],
      [`${name}=${value.slice(0, 22)}${other.slice(22)}`],
      [`${name}=${value.slice(0, -2)}${value.endsWith("AA") ? "BA" : "AA"}`],
      [`${name}=${value.toLowerCase()}`],
      [mine.cookie, theirs.cookie],
      [`perch_page=${value}`],
      [`__Host-perch_browser=${value}`],
    ];
    for (const cookies of forged) isOver(await ask("read", view, { cookies }));
    expect(lines.join()).toContain("page_session_ended");
    expect((await ask("read", view, { cookies: [mine.cookie] })).status).toBe(200);
    expect(lines.at(-1)).toContain(mine.id);
    expect(lines.at(-1)).toContain(mine.customerId);
  });

  it("is over for a tab that shows another one, and for what changes something without saying which it shows", async () => {
    const { ask, openPage } = createPageSetting();
    const [mine, theirs] = [await openPage(), await openPage()];
    isOver(await ask("open", renew, { cookies: mine.cookies, headers: theirs.headers }));
    isOver(await ask("open", close, { cookies: mine.cookies, headers: fromPage }));
    isOver(await ask("read", view, { cookies: mine.cookies, headers: { "x-perch-page": theirs.id } }));
    expect((await ask("open", renew, mine)).status).toBe(200);
  });

  it.each([
    ["another origin", { origin: "https://evil.example" }],
    ["no origin", { origin: "" }],
    ["another site's request", { "sec-fetch-site": "cross-site" }],
    ["a form", { "content-type": "application/x-www-form-urlencoded" }],
    ["plain text", { "content-type": "text/plain" }],
  ])("is not used by %s", async (_, changed) => {
    const { ask, openPage } = createPageSetting();
    const mine = await openPage();
    const headers = { ...mine.headers, ...changed };
    for (const name of [renew, close])
      expect(codeOf(await ask("open", name, { ...mine, headers }))).toBe("not_same_origin");
    expect((await ask("open", renew, mine)).status).toBe(200);
  });

  it("is asked for by no request of another site, not even to read", async () => {
    const { ask, openPage } = createPageSetting();
    const { cookies } = await openPage();
    for (const headers of [{ "sec-fetch-site": "cross-site" }, { origin: "https://evil.example" }]) {
      expect(codeOf(await ask("read", view, { cookies, headers: headers as never }))).toBe("not_same_origin");
    }
  });

  it("is written down as used once a minute at most", async () => {
    const { ask, openPage, stores, wait } = createPageSetting();
    const { cookies, id } = await openPage();
    const seen = () => stores.memory.pages.get(id as never)?.visit?.seenAt.toISOString();
    wait(0.9);
    await ask("read", view, { cookies });
    expect(seen()).toBe("2031-05-06T12:00:00.000Z");
    wait(0.1);
    await ask("read", view, { cookies });
    expect(seen()).toBe("2031-05-06T12:01:00.000Z");
  });

  it("answers with 404 to a route that its function does not know", async () => {
    const { ask } = createPageSetting();
    expect(codeOf(await ask("open", `${open}/more`))).toBe("unknown_path");
  });
});
