/** Webhooks and reports, with what is secret of them noted. */
import { randomBytes } from "node:crypto";
import { putReport } from "../support/reports.ts";
import { readWebhookSecret, sendSigned } from "../support/send-webhook.ts";
import { headersOf, signWebhook } from "../support/signed-webhook.ts";
import type { Harvest } from "./secret-journeys.ts";

/** What a report says that is refused: its dead letter holds it, as it came, and nothing else may. */
export const refusedReport = "refused report's text";

/** Lets a webhook and its forgery come, and a report that is refused: their signatures and texts are nobody's to keep. */
export const receiveHints = async ({ secrets, answers }: Harvest): Promise<void> => {
  const connectionId = crypto.randomUUID();
  const text = randomBytes(24).toString("hex");
  const secret = await readWebhookSecret();
  const webhook = signWebhook([secret], { event_type: "account.updated", connection_id: connectionId, data: { text } });
  const forged = signWebhook([randomBytes(24).toString("base64")], { connection_id: connectionId, text });
  secrets["webhook's signature"] = webhook.signature.replace("v1,", "");
  secrets["forged webhook's signature"] = forged.signature.replace("v1,", "");
  secrets["webhook's body"] = text;
  for (const each of [webhook, forged]) answers.push(await sendSigned({ headers: headersOf(each), body: each.body }));
  const reason = randomBytes(24).toString("hex");
  secrets[refusedReport] = reason;
  await putReport({ customer_id: "nobody", connection_id: connectionId, reason });
};
