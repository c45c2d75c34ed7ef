import { createHash } from "node:crypto";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { completeEmbedded, leaveEmbedded } from "../../local/finch/drive-embedded.ts";
import { aSession, failureOf, redirectUri, startFinch } from "./support.ts";

const { redirect_uri: _, ...embeddedSession } = aSession;
const host = "https://app.example";

const start = async () => {
  const finch = await startFinch();
  const session = await finch.sdk.connect.sessions.new(embeddedSession);
  const at = { sessionId: session.session_id, finchUrl: finch.baseURL };
  return { ...finch, at, sessionId: session.session_id, connectUrl: session.connect_url };
};

describe("an embedded session", () => {
  it("gives the code to the page around it, and Finch takes it without a redirect URI only", async () => {
    const { at, connectUrl, exchange } = await start();
    const first = await completeEmbedded({ at, state: `s"<1>`, provider: "gusto" });
    expect(first.state).toBe(`s"<1>`);
    expect(await failureOf(exchange(first.code))).toMatchObject({
      status: 400,
      error: { name: "invalid_grant_error" },
    });
    const withoutUri = { redirect_uri: undefined } as unknown as { redirect_uri: string };
    expect(await exchange(first.code, withoutUri)).toMatchObject({ customer_id: "acme" });
    const second = await completeEmbedded({ at: { connectUrl }, provider: "gusto", username: "mfa_multi_entity" });
    expect(second.state).toBeUndefined();
    expect((await exchange(second.code, withoutUri)).entity_ids).toHaveLength(3);
  });

  it("tells of a denial, an error, and a reauthentication that failed", async () => {
    const { at } = await start();
    const name = "finch-auth-message-v2";
    expect(await leaveEmbedded({ at, state: "s1" }, "deny")).toEqual({ name, kind: "closed" });
    expect(await leaveEmbedded({ at, state: "s1" }, "error")).toEqual({
      name,
      kind: "error",
      error: { shouldClose: true, message: expect.any(String) },
    });
    const gaveUp = new URLSearchParams({ session: at.sessionId, sdk_host_url: host, action: "give_up" });
    const response = await fetch(`${at.finchUrl}/authorize`, { method: "POST", body: gaveUp });
    expect(await response.text()).toContain('"type":"employer_connection_error"');
    await expect(completeEmbedded({ at, provider: "gusto", password: "wrong" })).rejects.toThrow("422");
  });

  it("posts its message to the page around it and to no other, by the one script that its policy allows", async () => {
    const { sessionId, baseURL } = await start();
    const fields = {
      session: sessionId,
      state: "</script><script>alert(1)</script>",
      sdk_host_url: `${host}/settings?tab=1`,
      provider: "gusto",
      action: "sign_in",
      username: "good_user",
      password: "good_pass",
    };
    const response = await fetch(`${baseURL}/authorize`, { method: "POST", body: new URLSearchParams(fields) });
    const text = await response.text();
    const [, script = ""] = /<script>(.*?)<\/script>/s.exec(text) ?? [];
    const hash = createHash("sha256").update(script).digest("base64");
    expect(response.headers.get("content-security-policy")).toContain(`script-src 'sha256-${hash}'`);
    expect(text.match(/<script/g)).toHaveLength(2);

    const [, result = ""] = /id="result">([^<]*)</.exec(text) ?? [];
    const posted: unknown[] = [];
    const window = { parent: { postMessage: (...message: unknown[]) => posted.push(...message) } };
    runInNewContext(script, { window, document: { getElementById: () => ({ textContent: result }) } });
    expect(JSON.parse(JSON.stringify(posted))).toEqual([
      { name: "finch-auth-message-v2", kind: "success", code: expect.any(String), state: fields.state },
      host,
    ]);
  });

  it("carries the page around it from step to step, and refuses what is none", async () => {
    const { connectUrl } = await start();
    const open = async (query: string) => {
      const response = await fetch(`${connectUrl}&${query}`);
      return { status: response.status, text: await response.text() };
    };
    const query = `provider=gusto&app_type=spa&sdk_host_url=${encodeURIComponent(host)}&mode=employer`;
    expect((await open(query)).text).toContain(`name="sdk_host_url" value="${host}"`);
    for (const bad of ["nowhere", "javascript:alert(1)", "data:text/html,x"]) {
      expect((await open(`sdk_host_url=${encodeURIComponent(bad)}`)).status).toBe(400);
    }
    expect((await open(`sdk_host_url=${host}&sdk_host_url=${host}`)).status).toBe(400);
  });

  it("has nowhere to go back to when it is opened by itself", async () => {
    const { sessionId, baseURL } = await start();
    const body = new URLSearchParams({ session: sessionId, action: "deny" });
    const response = await fetch(`${baseURL}/authorize`, { method: "POST", body, redirect: "manual" });
    expect([response.status, response.headers.get("location")]).toEqual([400, null]);
  });

  it("may be a reauthentication", async () => {
    const { at, sdk, exchange, baseURL } = await start();
    const withoutUri = { redirect_uri: undefined } as unknown as { redirect_uri: string };
    const { code } = await completeEmbedded({ at, provider: "gusto" });
    const first = await exchange(code, withoutUri);
    const session = await sdk.connect.sessions.reauthenticate({ connection_id: first.connection_id });
    const again = await completeEmbedded({
      at: { sessionId: session.session_id, finchUrl: baseURL },
      state: "s2",
      provider: "gusto",
    });
    expect(again.state).toBe("s2");
    expect((await exchange(again.code, withoutUri)).connection_id).toBe(first.connection_id);
  });
});

it("a session with a redirect URI redirects, in a frame too", async () => {
  const { sdk } = await startFinch();
  const { connect_url: connectUrl } = await sdk.connect.sessions.new({ ...aSession, redirect_uri: redirectUri });
  await expect(completeEmbedded({ at: { connectUrl }, provider: "gusto" })).rejects.toThrow("sent the browser back");
});
