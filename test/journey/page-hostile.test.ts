/** Hostile names, errors and a hostile site against the connections page of the deployed stack, in a real browser. It is long because they share one browser and one hostile site. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { callBackend } from "../support/api.ts";
import { startChromium } from "../support/chromium.ts";
import { awaitLook, besideLooks, listConnections, pathOf } from "../support/connections.ts";
import { controlFinch } from "../support/finch.ts";
import { connect, createCustomer } from "../support/journey.ts";
import { makeLink } from "../support/page.ts";
import { readStack } from "../support/stack.ts";
import { openCustomerPage, press } from "../web/support/customer-page.ts";

/** Markup that would run, or at least load something of the page's own origin, which its policy allows. */
const markup = (where: string) =>
  `"'><img src="/page/probe-${where}" onerror="ran='${where}'"><script>ran='${where}'</script><svg onload="ran='${where}'">`;

let chromium: Browser;
let evil: Server;
let attack = "";

beforeAll(async () => {
  chromium = await startChromium({});
  evil = createServer((_, response) => response.writeHead(200, { "content-type": "text/html" }).end(attack));
  await new Promise<void>((resolve) => evil.listen(0, "127.0.0.1", resolve));
});

afterAll(async () => {
  await chromium?.close();
  evil?.close();
});

/** Writes down each request that a name has caused, and each dialog. */
const watch = (page: Page): readonly string[] => {
  const seen: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("probe-") && request.resourceType() !== "document") seen.push(request.url());
  });
  page.on("dialog", (dialog) => {
    seen.push(dialog.message());
    void dialog.dismiss();
  });
  return seen;
};

const whatRan = (page: Page) => page.evaluate(() => Reflect.get(globalThis, "ran"));

it("what Finch and the platform name is text, wherever it stands", async () => {
  const customer = await createCustomer();
  const name = `${markup("customer")} ${customer.id}`.slice(0, 250);
  expect((await callBackend(customer.path, { method: "PUT", json: { name } })).status).toBe(200);
  const company = `${markup("company")} ${customer.id}`;
  const hostile = await connect(customer, { username: "multi_entity", company, entities: "all" });
  const second = await connect(customer, { username: "good_user_2", company });
  for (const { connectionId } of [hostile, second]) {
    const look = await awaitLook(customer, connectionId);
    const said = {
      connection_status: { status: connectionId === hostile.connectionId ? "reauth" : markup("status") },
      provider_id: markup("provider"),
      username: markup("username"),
      products: ["company", markup("product")],
      authentication_methods: [{ type: markup("method"), products: [] }],
      entities: look.entities.map(({ id }, at) => ({
        id,
        name: markup(`entity${at}`),
        status: markup("entity-status"),
      })),
    };
    await controlFinch("POST", "faults", {
      ...{ path: "/introspect", kind: "override", body: said, remove: [] },
      ...{ connection_id: connectionId, times: "until_cleared" },
    });
    await callBackend(`${pathOf(customer, connectionId)}/introspect`, { method: "POST" });
    const labelled = { method: "PATCH", json: { label: markup("label").slice(0, 100) } };
    await callBackend(pathOf(customer, connectionId), labelled);
  }
  const stored = JSON.stringify(await listConnections(customer));
  for (const where of ["provider", "username", "product", "method", "entity0", "entity-status"]) {
    expect(stored).toContain(`probe-${where}`);
  }

  const hrefs = { return_url: `http://localhost:3000/x?a=${encodeURIComponent(markup("return"))}` };
  const { page, complaints } = await openCustomerPage(chromium, customer, "redirect", hrefs);
  const seen = watch(page);
  const expectText = async (...places: readonly string[]) => {
    const text = (await page.locator("body").textContent()) ?? "";
    for (const where of places) expect(text).toContain(`<img src="/page/probe-${where}"`);
    expect(await page.locator("img, body script, svg[onload]").count()).toBe(0);
    expect([await whatRan(page), ...seen]).toEqual([undefined]);
  };
  await page.reload();
  await page.locator("article").first().waitFor();
  await expectText("customer", "provider", "username", "company");
  for (const manage of await page.getByRole("button", { name: /^Manage/ }).all()) await manage.click();
  await expectText("customer", "provider", "username", "company");
  await press(page, "Add a connection");
  await page.getByText("Another account at a provider you already use").click();
  await expectText();
  await press(page, "Cancel");
  await press(page, /^Remove…/);
  await page.getByRole("heading", { name: "What will happen" }).waitFor();
  await expectText("provider", "company");
  await press(page, "Keep it");

  // What stands in the address is read by the page's script, too.
  const query = new URLSearchParams(["session_id", "status", "connection_id", "lang"].map((of) => [of, markup(of)]));
  for (const address of [`/page?${query}`, `/page?lang=es#${markup("hash")}`]) {
    await page.goto(`${readStack().apiUrl}${address}`);
    await page.locator("h1").first().waitFor();
    await expectText();
  }
  // That those sessions do not exist is what the browser complains about.
  expect(complaints.filter((line) => !/status of (400|404|410|414)/.test(line))).toEqual([]);
  await page.context().close();
});

it("what comes back with an error in Finch's name is shown by nobody", async () => {
  const { page, complaints } = await openCustomerPage(chromium, await createCustomer(), "redirect");
  const seen = watch(page);
  const { apiUrl } = readStack();
  const error = { error: markup("error"), error_description: markup("description"), error_uri: markup("uri") };
  const comeBack = (state: string) =>
    page.goto(`${apiUrl}/connect/callback?${new URLSearchParams({ ...error, state })}`);
  const expectNothing = async () => {
    expect(await page.content()).not.toContain("probe-");
    expect(page.url()).not.toContain("probe-");
    expect([await whatRan(page), ...seen]).toEqual([undefined]);
  };
  await press(page, "Connect your first provider");
  await page.waitForURL((url) => url.origin !== apiUrl);
  const state = new URL(page.url()).searchParams.get("state") ?? "";
  expect(state).not.toBe("");
  await comeBack(state);
  await page.getByText("The sign-in didn’t work. Nothing was changed.").waitFor();
  await expectNothing();
  expect(complaints).toEqual([]);
  await comeBack(markup("state"));
  await page.locator("h1").waitFor();
  expect(await page.content()).not.toContain("probe-");
  expect([await whatRan(page), ...seen]).toEqual([undefined]);
  await page.context().close();
});

it("another site neither frames the page nor acts in it, whoever visits it", async () => {
  const customer = await createCustomer();
  const { connectionId } = await connect(customer);
  await awaitLook(customer, connectionId);
  const { page } = await openCustomerPage(chromium, customer, "redirect");
  const { apiUrl } = readStack();
  const shown = await page.evaluate(async () => {
    const view: { readonly session: { readonly page_session_id: string } } = JSON.parse(
      await (await fetch("/page/view")).text(),
    );
    return view.session.page_session_id;
  });
  const before = await listConnections(customer);
  const targets = [
    ["POST", "/page/connect-sessions"],
    ["POST", `/page/connections/${connectionId}/reauthenticate-sessions`],
    ["POST", `/page/connections/${connectionId}/keep-duplicate`],
    ["DELETE", `/page/connections/${connectionId}`],
    ["DELETE", "/page/sessions"],
    ["GET", "/page/view"],
  ] as const;
  attack = `<!doctype html><title>Evil</title><iframe src="${apiUrl}/page"></iframe>
<form method="post" enctype="text/plain" action="${apiUrl}/page/connect-sessions"><input name='{"a":"' value='"}'></form>`;
  const visited = await page.context().newPage();
  await visited.goto(`http://127.0.0.1:${(evil.address() as AddressInfo).port}/`);
  const got = await visited.evaluate(
    async ([origin, session, calls]) => {
      const answers: string[] = [];
      for (const [method, path] of calls) {
        for (const mode of ["cors", "no-cors"] as const) {
          for (const headers of [{}, { "content-type": "application/json", "x-perch-page": session }]) {
            try {
              const answer = await fetch(`${origin}${path}`, { method, mode, headers, credentials: "include" });
              answers.push(`${answer.type} ${await answer.text()}`);
            } catch {
              answers.push("nothing");
            }
          }
        }
      }
      return answers;
    },
    [apiUrl, shown, targets] as const,
  );
  expect([...new Set(got)].filter((each) => each !== "nothing" && each !== "opaque ")).toEqual([]);
  const [, frame] = visited.frames();
  expect(await frame?.locator("h1").count()).toBe(0);
  // The whole window, as a form takes it there.
  await visited.locator("form").evaluate((form: HTMLFormElement) => form.submit());
  await visited.waitForURL(`${apiUrl}/**`);
  expect(await visited.locator("body").textContent()).toMatch(/not_same_origin|page_session_ended|invalid_request/);
  expect(await listConnections(customer)).toEqual(before.map(besideLooks));
  const sessions = (await callBackend(`${customer.path}/connect-sessions`)).json<{ connect_sessions?: unknown[] }>();
  expect(JSON.stringify(sessions).match(/session_id/g)).toHaveLength(1);
  // The customer is still in.
  await page.reload();
  await page.getByText("Everything is working").first().waitFor();
  await page.context().close();
});

it("a link is read by no other site that the browser comes from or goes to", async () => {
  const link = await makeLink(await createCustomer());
  const context = await chromium.newContext();
  const page = await context.newPage();
  const sent: string[] = [];
  page.on("request", (request) => sent.push(`${request.url()} ${JSON.stringify(request.headers())}`));
  attack = `<!doctype html><a id="go" href="${link.href}">Your connections</a>`;
  await page.goto(`http://127.0.0.1:${(evil.address() as AddressInfo).port}/`);
  await page.locator("#go").click();
  await page.getByRole("button", { name: "Open my connections" }).waitFor();
  expect(page.url()).not.toContain(link.hash.slice(1));
  expect(sent.join("\n")).not.toContain(link.hash.slice(1));
  await context.close();
});
