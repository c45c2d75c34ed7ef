import { describe, expect, it } from "vitest";
import { completeConnect, denyConnect, failConnect } from "../../local/finch/drive-connect.ts";
import { application, aSession, startFinch, uuid } from "./support.ts";

const open = async (url: string) => {
  const response = await fetch(url, { redirect: "manual" });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

describe("the Connect pages", () => {
  it("lead from the provider to the sign-in and back, with a code and the same state", async () => {
    const { sdk } = await startFinch();
    const { connect_url: connectUrl } = await sdk.connect.sessions.new(aSession);
    const state = `a&b="<'é>+ /`;
    const url = `${connectUrl}&state=${encodeURIComponent(state)}`;
    expect((await open(url)).text).toContain("<h1>Choose your provider</h1>");
    const callback = await completeConnect({ connectUrl: url, provider: "rippling" });
    expect(callback.origin + callback.pathname).toBe(application.redirectUris[0]);
    expect([...callback.searchParams.keys()]).toEqual(["code", "state"]);
    expect(callback.searchParams.get("code")).toMatch(uuid);
    expect(callback.searchParams.get("state")).toBe(state);
  });

  it("return no state when none was given, and keep the redirect URI's own query", async () => {
    const { connect } = await startFinch();
    const callback = await connect({ redirect_uri: application.redirectUris[1] });
    expect([...callback.searchParams.keys()]).toEqual(["from", "code"]);
  });

  it("skip the provider that the session names, whatever the address asks for", async () => {
    const { sdk, exchange, connectForCode } = await startFinch();
    const session = { ...aSession, integration: { provider: "adp_run" } };
    const { connect_url: connectUrl } = await sdk.connect.sessions.new(session);
    expect((await open(`${connectUrl}&provider=gusto`)).text).toContain("Sign in to RUN Powered by ADP");
    const grant = await exchange(await connectForCode(session, { provider: "gusto" }));
    expect(grant.provider_id).toBe("adp_run");
  });

  it("let a person who mistypes try again", async () => {
    const { connect, sdk, simulator } = await startFinch();
    await expect(connect({}, { password: "bad_pass" })).rejects.toThrow("422");
    await expect(connect({}, { username: "good_user_1" })).rejects.toThrow("username or password is wrong");
    const { connect_url: connectUrl } = await sdk.connect.sessions.new(aSession);
    const body = new URLSearchParams({
      session: new URL(connectUrl).searchParams.get("session") ?? "",
      action: "sign_in",
      provider: "gusto",
      username: "somebody",
      password: "hunter2",
      company: "Initech",
    });
    const response = await fetch(new URL("/authorize", connectUrl), { method: "POST", body, redirect: "manual" });
    const text = await response.text();
    expect(response.status).toBe(422);
    expect(text).toContain('value="somebody"');
    expect(text).toContain('value="Initech"');
    expect(text).toContain('id="sign-in"');
    expect(text).not.toContain("hunter2");
    expect(simulator.state.connections.size).toBe(0);
  });

  it("take a denial and a simulated error back, from either step", async () => {
    const { sdk, simulator } = await startFinch();
    const { connect_url: connectUrl } = await sdk.connect.sessions.new(aSession);
    for (const url of [`${connectUrl}&state=s1`, `${connectUrl}&state=s1&provider=gusto`]) {
      const denied = (await denyConnect(url)).searchParams;
      expect([...denied.keys()]).toEqual(["error", "error_description", "state"]);
      expect([denied.get("error"), denied.get("state")]).toEqual(["access_denied", "s1"]);
      const failed = (await failConnect(url)).searchParams;
      expect([failed.get("error"), failed.get("state"), failed.get("code")]).toEqual(["server_error", "s1", null]);
    }
    expect(simulator.state.codes.size).toBe(0);
  });

  it("serve one session again and again until it expires, then say so and stay", async () => {
    let now = Date.parse("2026-01-01T00:00:00Z");
    const { sdk } = await startFinch({ clock: () => new Date(now) });
    const { connect_url: connectUrl } = await sdk.connect.sessions.new({ ...aSession, minutes_to_expire: 1 });
    const callbacks = [];
    for (let run = 0; run < 3; run += 1) callbacks.push(await completeConnect({ connectUrl, provider: "gusto" }));
    expect(new Set(callbacks.map((callback) => callback.searchParams.get("code"))).size).toBe(3);
    now += 59_999;
    expect((await open(connectUrl)).status).toBe(200);
    now += 1;
    const expired = await open(connectUrl);
    expect(expired.status).toBe(410);
    expect(expired.text).toContain("new link");
    await expect(completeConnect({ connectUrl, provider: "gusto" })).rejects.toThrow("This link has expired");
  });

  it.each([
    [404, ""],
    [404, "?session=6c0a2f4e-0000-4000-8000-000000000000"],
    [404, "?session=__proto__"],
    [400, "?session=a&session=b"],
    [400, "?session=a&state=b&state=c"],
    [400, `?session=a&state=${"s".repeat(2049)}`],
  ])("answer %i without a redirect to /authorize%.60s", async (status, query) => {
    const { baseURL } = await startFinch();
    const page = await open(`${baseURL}/authorize${query}`);
    expect(page.status).toBe(status);
    expect(page.headers.get("location")).toBeNull();
    expect(page.text).toContain("Go back to|Ask the application".split("|")[status === 400 ? 0 : 1]);
  });

  it("escape whatever comes from outside", async () => {
    const { sdk } = await startFinch();
    const evil = `"><script>alert('x')</script>&amp;`;
    const { connect_url: connectUrl } = await sdk.connect.sessions.new({ ...aSession, customer_name: evil });
    const query = `&state=${encodeURIComponent(evil)}`;
    for (const url of [connectUrl + query, `${connectUrl}${query}&provider=gusto`]) {
      const page = await open(url);
      expect(page.text).not.toContain("<script");
      expect(page.text).toContain("&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;");
      expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    }
  });

  it("label every field and name the language", async () => {
    const { sdk } = await startFinch();
    const { connect_url: connectUrl } = await sdk.connect.sessions.new(aSession);
    const { text } = await open(`${connectUrl}&provider=gusto`);
    expect(text).toContain('<html lang="en">');
    const visible = [...text.matchAll(/<input id="([^"]+)"/g)].map(([, id]) => id);
    expect(visible).toEqual(["username", "password", "company", "people"]);
    for (const id of visible) expect(text).toContain(`<label for="${id}">`);
    expect(text).toContain('name="company" value="Acme Inc."');
  });
});
