import { randomBytes } from "node:crypto";
import { denyConnect } from "../../local/finch/drive-connect.ts";
import { callBackend } from "../support/api.ts";
import { createBrowser } from "../support/browser.ts";
import { createCustomer, openLink, startSession } from "../support/journey.ts";
import type { Harvest } from "./secret-journeys.ts";

/** What people put into the wrong place, and what comes back when it is refused. */
export const misplace = async ({ secrets, answers }: Harvest): Promise<void> => {
  const customer = await createCustomer();
  const misplaced = randomBytes(24).toString("hex");
  secrets["misplaced text"] = misplaced;
  const browser = createBrowser();
  const denied = await denyConnect(await openLink(browser, await startSession(customer)));
  denied.searchParams.set("error_description", misplaced);
  const put = (what: object) => callBackend(customer.path, { method: "PUT", ...what });
  const post = (where: string, json: object) => callBackend(`${customer.path}/${where}`, { json });
  answers.push(
    await browser.open(denied),
    await browser.open(`/connect/callback?state=${misplaced}&code=${misplaced}&error=${misplaced}`),
    await browser.open(`/connect/${misplaced}`),
    await callBackend(`${customer.path}/connections?cursor=${misplaced}`),
    await callBackend(`/v1/customers?cursor=${misplaced}`),
    await put({ json: { name: "x", email: misplaced, mode: misplaced } }),
    await put({ body: `{"name":"${misplaced}` }),
    await post("connect-sessions", { products: [misplaced] }),
    await post("connect-sessions", { products: ["company"], return_url: `https://evil.example/${misplaced}` }),
    await post("connections", { authorization_code: misplaced, state: misplaced }),
    await post("connections", { access_token: misplaced }),
    await post("connections", { access_token: misplaced, state: misplaced }),
    await callBackend(customer.path, { scopes: null, headers: { authorization: `Bearer ${misplaced}` } }),
  );
};
