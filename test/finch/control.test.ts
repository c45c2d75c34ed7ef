import { describe, expect, it } from "vitest";
import { sha256 } from "../../local/finch/model.ts";
import { aSession, startFinch } from "./support.ts";

describe("the control door", () => {
  it("shows sessions, connections, tokens by their hash, and counts of calls", async () => {
    const { connectForCode, connectAndExchange, control } = await startFinch();
    const { access_token: accessToken, connection_id: connectionId } = await connectAndExchange();
    const unused = await connectForCode();
    const { body } = await control("GET", "state");
    expect(body).toMatchObject({
      settings: { customerIdMode: "creator", otherCredentials: "new", reauthOtherCompany: "refuse" },
      sessions: [{ customer: { id: "acme" } }, { customer: { id: "acme" } }],
      connections: [{ id: connectionId, providerId: "gusto", status: "connected" }],
      tokens: [{ hash: sha256(accessToken), connectionId }],
      unusedCodes: 1,
      requestCounts: { "/connect/sessions": 2, "/authorize": 6, "/auth/token": 1 },
    });
    const text = JSON.stringify(body);
    for (const secret of [accessToken, unused, "not-a-real-secret"]) expect(text).not.toContain(secret);
  });

  it("moves the clock", async () => {
    const { sdk, control } = await startFinch({ clock: () => new Date("2026-01-01T00:00:00Z") });
    const { connect_url: connectUrl } = await sdk.connect.sessions.new({ ...aSession, minutes_to_expire: 10 });
    expect((await control("POST", "clock", { advance_ms: 599_999 })).body).toEqual({ now: "2026-01-01T00:09:59.999Z" });
    expect((await fetch(connectUrl)).status).toBe(200);
    await control("POST", "clock", { advance_ms: 1 });
    expect((await fetch(connectUrl)).status).toBe(410);
    expect((await control("POST", "clock", { advance_ms: "1" })).status).toBe(400);
  });

  it.each([
    ["customerIdMode", { customerIdMode: "newest" }],
    ["otherCredentials", { otherCredentials: true }],
    ["settings", { colour: "red" }],
    ["settings", { toString: "x" }],
  ])("refuses a setting that it does not know, by name: %s", async (name, change) => {
    const { control } = await startFinch();
    const before = (await control("GET", "state")).body.settings;
    const { status, body } = await control("POST", "settings", { reauthOtherCompany: "connect", ...change });
    expect(status).toBe(400);
    expect(body.message).toContain(name);
    expect((await control("GET", "state")).body.settings).toEqual(before);
  });

  it("forgets everything on request", async () => {
    const { connectAndExchange, control } = await startFinch();
    await connectAndExchange();
    await control("POST", "settings", { customerIdMode: "absent" });
    await control("POST", "faults", { path: "/providers", kind: "timeout" });
    await control("POST", "reset");
    expect((await control("GET", "state")).body).toMatchObject({
      settings: { customerIdMode: "creator" },
      sessions: [],
      connections: [],
      tokens: [],
      unusedCodes: 0,
      requestCounts: {},
      faults: [],
    });
  });

  it("refuses web pages and unknown calls", async () => {
    const { baseURL } = await startFinch();
    const headers = { origin: "https://evil.example" };
    expect((await fetch(`${baseURL}/_control/reset`, { method: "POST", headers })).status).toBe(403);
    expect((await fetch(`${baseURL}/_control/nothing`)).status).toBe(404);
  });
});
