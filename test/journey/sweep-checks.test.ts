/** The deployed sweep looks at what is due: trouble that nobody has told of is noticed, told once, and healed by a new sign-in. */
import { describe, expect, it } from "vitest";
import { createBrowser } from "../support/browser.ts";
import { readConnection } from "../support/connections.ts";
import { listen } from "../support/events.ts";
import { controlFinch } from "../support/finch.ts";
import { webhooksOf } from "../support/finch-webhooks.ts";
import { invoke } from "../support/functions.ts";
import { comeBack, connect, createCustomer, reachCallback } from "../support/journey.ts";
import { patience } from "../support/patience.ts";
import { makeCheckDue } from "../support/table.ts";
import { startReauthentication } from "../support/ways-in.ts";

const bus = listen();

describe("the sweep of checks", () => {
  it("notices a connection that is signed out and of which no webhook came; a new sign-in heals it", async () => {
    const customer = await createCustomer();
    const { connectionId } = await connect(customer);
    // The look that comes with the token is over, so that the next one is the sweep's.
    await expect
      .poll(async () => (await readConnection(customer, connectionId)).introspected_at, patience)
      .not.toBeNull();
    await webhooksOf(connectionId).rule({ kind: "lose", times: "until_cleared" });
    await controlFinch("POST", `connections/${connectionId}`, { status: "reauth" });
    await makeCheckDue(customer.id, connectionId);
    await invoke("sweep-checks", { resume: true });
    await expect.poll(async () => (await readConnection(customer, connectionId)).status, patience).toBe("reauth");

    const browser = createBrowser();
    await comeBack(browser, await reachCallback(browser, await startReauthentication(customer, connectionId)));
    await makeCheckDue(customer.id, connectionId);
    await invoke("sweep-checks", {});
    await expect
      .poll(async () => Object(await readConnection(customer, connectionId)).tokens?.length ?? 1, patience)
      .toBe(1);
    expect(await readConnection(customer, connectionId)).toMatchObject({ status: "connected" });
    const events = (await bus.of(customer.id, 4)).map(({ "detail-type": type }) => type);
    expect(events.filter((type) => type === "ReauthenticationRequired")).toHaveLength(1);
    expect(events).toContain("ConnectionReconnected");
  });
});
