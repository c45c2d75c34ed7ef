import { describe, expect, it } from "vitest";
import { holderHash } from "#shared/connection/connect-session.ts";
import type { PageSessionId, SessionId } from "#shared/connection/identifiers.ts";
import { aClaim, aConnection, newConnectionId } from "../../support/builders.ts";
import { createPageSetting, publicUrl } from "./page-setting.ts";
import { codeOf } from "./support.ts";

const start = "POST /page/connect-sessions";
const again = "POST /page/connections/{connection_id}/reauthenticate-sessions";
const complete = "POST /page/connections";

const storedSession = async (setting: ReturnType<typeof createPageSetting>, body: Readonly<Record<string, unknown>>) =>
  setting.stores.sessions.find(body["session_id"] as SessionId);

describe("Connect from the page", () => {
  it("asks for the stage's products, and leads back to the page and nowhere else", async () => {
    const setting = createPageSetting();
    const mine = await setting.openPage();
    const started = await setting.ask("start", start, { ...mine, body: { provider_id: "gusto" } });
    expect([started.status, started.body["mode"], started.body["state"]]).toEqual([201, "redirect", null]);
    expect(started.body["connect_url"]).toMatch(`${publicUrl}/connect/`);
    expect(setting.asked).toMatchObject([
      {
        kind: "new",
        customerId: mine.customerId,
        products: ["company", "directory"],
        redirectUri: `${publicUrl}/connect/callback`,
      },
    ]);
    expect(await storedSession(setting, started.body)).toMatchObject({
      ...{ customerId: mine.customerId, returnUrl: `${publicUrl}/page`, openings: [] },
      integration: { provider: "gusto", authMethod: null },
    });
    expect((await setting.ask("start", start, mine)).status).toBe(201);
  });

  it("embedded, gives a state that only this page session may bring back", async () => {
    const setting = createPageSetting({ mode: "embedded" });
    const mine = await setting.openPage();
    const started = await setting.ask("start", start, mine);
    expect(started.body).toMatchObject({ mode: "embedded", connect_url: null, finch_session_id: "s" });
    const session = await storedSession(setting, started.body);
    const holders = session?.openings.map((opening) => opening.holderHash);
    expect(holders).toEqual([holderHash({ pageSession: mine.id as PageSessionId })]);
    expect(holders).not.toContain(holderHash({ embeddedFor: mine.customerId }));
    expect(session?.returnUrl).toBeNull();
  });

  it("signs the customer's own connection in again, and neither another one's nor a held one", async () => {
    const setting = createPageSetting();
    const [mine, theirs] = [await setting.openPage(), await setting.openPage()];
    const claim = async (changes: Parameters<typeof aConnection>[0]) => {
      const connection = aConnection({ connectionId: newConnectionId(), ...changes });
      expect(await setting.stores.connections.claim(aClaim(connection))).toMatchObject({ ok: true });
      return { path: { connection_id: connection.connectionId } };
    };
    const { customerId } = mine;
    const own = await claim({ customerId });
    const held = await claim({ customerId, heldReason: "wrong_account" });
    const others = await claim({ customerId: theirs.customerId });
    expect((await setting.ask("start", again, { ...mine, ...own })).status).toBe(201);
    expect(setting.asked).toMatchObject([{ kind: "again", connectionId: own.path.connection_id, products: null }]);
    expect(codeOf(await setting.ask("start", again, { ...mine, ...held }))).toBe("connection_held");
    expect(codeOf(await setting.ask("start", again, { ...mine, ...others }))).toBe("not_found");
    expect(setting.asked).toHaveLength(1);
  });

  it("says nothing of what Finch has against it", async () => {
    const setting = createPageSetting();
    const mine = await setting.openPage();
    setting.letFinchAnswer({ kind: "refused", message: "client 4711 has no product ssn" });
    const refused = await setting.ask("start", start, mine);
    expect([refused.status, codeOf(refused)]).toEqual([502, "finch_refused"]);
    expect(refused.text).not.toMatch(/4711|ssn/);
  });

  it("says of a provider that Finch does not take only that it is none", async () => {
    const setting = createPageSetting();
    const mine = await setting.openPage();
    setting.letFinchAnswer({ kind: "refused", message: "client 4711 has no provider nowhere" });
    const refused = await setting.ask("start", start, { ...mine, body: { provider_id: "nowhere" } });
    expect([refused.status, codeOf(refused)]).toEqual([400, "invalid_request"]);
    expect(refused.text).toContain("body.provider_id");
    expect(refused.text).not.toMatch(/4711/);
  });
});

describe("the code of embedded Connect", () => {
  const body = (state: unknown) => ({ authorization_code: "code", state });

  it("is exchanged in the name of the page session, which is told how it ended", async () => {
    const setting = createPageSetting({ mode: "embedded" });
    const mine = await setting.openPage();
    const { session_id: sessionId, state } = (await setting.ask("start", start, mine)).body;
    const ending = {
      sessionId: String(sessionId),
      returnUrl: null,
      outcome: null,
      failureReason: null,
      connectionId: null,
    };
    setting.letExchangeAnswer({ status: "ended", ending });
    const ended = await setting.ask("complete", complete, { ...mine, body: body(state) });
    expect([ended.status, ended.body["session_id"]]).toEqual([200, sessionId]);
    expect(setting.exchanged.map(({ state: its, holder }) => [its, holder])).toEqual([
      [state, { pageSession: mine.id }],
    ]);
    setting.letExchangeAnswer({ status: "in_progress" });
    expect((await setting.ask("complete", complete, { ...mine, body: body(state) })).status).toBe(202);
    const received = setting.stores.memory.audit.filter(({ action }) => action === "authorization_code_received");
    const { customerId } = mine;
    const entry = { customerId, sessionId, connectionId: null, caller: `page:${mine.id}` };
    expect(received).toMatchObject([entry, entry]);
    setting.letExchangeAnswer({ status: "not_run" });
    const notRun = await setting.ask("complete", complete, { ...mine, body: body(state) });
    expect(setting.stores.memory.audit).toHaveLength(5);
    expect([notRun.status, notRun.headers["retry-after"]]).toEqual([503, "5"]);
    expect(setting.lines.join()).not.toContain('"code"');
  });

  it("is refused alike, whatever is wrong with its state", async () => {
    const setting = createPageSetting({ mode: "embedded" });
    const mine = await setting.openPage();
    const { state } = (await setting.ask("start", start, mine)).body;
    for (const reason of ["unknown", "other_holder", "expired", "spent"] as const) {
      setting.letExchangeAnswer({ status: "refused", reason });
      const refused = await setting.ask("complete", complete, { ...mine, body: body(state) });
      expect([refused.status, codeOf(refused)]).toEqual([400, "invalid_state"]);
    }
    const before = setting.exchanged.length;
    expect(codeOf(await setting.ask("complete", complete, { ...mine, body: body("!".repeat(64)) }))).toBe(
      "invalid_request",
    );
    expect(setting.exchanged).toHaveLength(before);
    const actions = setting.stores.memory.audit.map(({ action }) => action);
    expect(actions).toEqual(["page_session_created", "page_link_opened", "connect_session_created"]);
  });
});
