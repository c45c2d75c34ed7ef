/** What comes from outside as a hint. */
import { contract, type PlantedBug, unit } from "../planted-bug.ts";

const signature = "shared/connection/webhook-signature.ts";

export const webhookBugs: readonly PlantedBug[] = [
  {
    name: "webhook: timestamp not compared",
    sentence: "A webhook may be replayed for ever.",
    breaks: 7,
    file: signature,
    before: `if (Math.abs(age) > toleranceSeconds) return refuse("out_of_time");`,
    after: "",
    test: unit("functions/receive-finch-webhook", "of -301 seconds from now is answered with 401"),
  },
  {
    name: "webhook: timestamp of the future",
    sentence: "A webhook that is dated ahead may be replayed until then.",
    breaks: 7,
    file: signature,
    before: "Math.abs(age) > toleranceSeconds",
    after: "age > toleranceSeconds",
    test: unit("functions/receive-finch-webhook", "of 301 seconds from now is answered with 401"),
  },
  {
    name: "webhook: signature not compared",
    sentence: "Anybody's signature will do.",
    breaks: 7,
    file: signature,
    before: "timingSafeEqual(mac, signature)",
    after: "mac.length === signature.length",
    test: unit("functions/receive-finch-webhook", "is let in under each secret of a rotation"),
  },
  {
    name: "webhook: lenient base64",
    sentence: "Many texts stand for the same signature.",
    breaks: 7,
    file: signature,
    before: `return bytes.toString("base64") === text ? bytes : undefined;`,
    after: "return bytes;",
    test: unit("functions/webhook-forgery", "of every kind, and none breaks anything"),
  },
  {
    name: "webhook: body written anew before it is verified",
    sentence: "The signature is held against what JSON makes of the body, and not against the bytes that came.",
    breaks: 7,
    file: signature,
    before: `.update(body).digest()`,
    after: `.update(body.length > 99_999 ? body : JSON.stringify(JSON.parse(Buffer.from(body).toString()))).digest()`,
    test: unit("functions/webhook-forgery", "are told apart from those that Finch sent"),
  },
  {
    name: "webhook: event id not signed",
    sentence: "A webhook comes again under another id, and is not known as a double.",
    breaks: 7,
    file: signature,
    before: "update(`${eventId}.${timestamp}.`)",
    after: "update(`${timestamp}.`)",
    test: unit("functions/receive-finch-webhook", "is let in as Finch documents it"),
  },
  {
    name: "webhook: signed with nothing",
    sentence: "An empty secret is a key, which everybody knows.",
    breaks: 7,
    file: signature,
    before: "key.byteLength >= fewestSecretBytes",
    after: "key.byteLength >= 0",
    test: unit("finch/webhook-keys", "an empty secret"),
  },
  {
    name: "webhook: marked before its effect",
    sentence: "A webhook counts as seen, though what it led to was not stored.",
    breaks: 7,
    file: "shared/dynamodb/connection-store.ts",
    before: `    const cancelled = await transact(table, [
      putNextVersion(table, connection),
      ...superseded`,
    after: `    if (settled !== undefined) await transact(table, settleHint(table, connection.connectionId, settled));
    const cancelled = await transact(table, [
      putNextVersion(table, connection),
      ...superseded`,
    test: contract("does neither without the change"),
  },
  {
    name: "webhook: a double has a second effect",
    sentence: "Each time that Finch sends a webhook again, Perch looks again.",
    breaks: 7,
    file: "shared/connection/answer-check-request.ts",
    before: "    if (isDouble) {",
    after: "    if (isDouble && owner === undefined) {",
    test: unit("connection/answer-webhook", "has no second effect when it comes again, be it later or at once"),
  },
  {
    name: "webhook: its word is kept",
    sentence: "What a webhook says of a connection goes on with the request for a look.",
    breaks: 7,
    file: "shared/connection/receive-webhook.ts",
    before: "await nudgeChecks([{ customerId: undefined,",
    after: "await nudgeChecks([{ ...JSON.parse(Buffer.from(webhook.body).toString()), customerId: undefined,",
    test: unit(
      "functions/receive-finch-webhook",
      "asks for a look at its connection in one round trip, and keeps nothing of its body",
    ),
  },
  {
    name: "report: of another customer's connection",
    sentence: "A service reports a connection under a customer that does not own it, and is believed.",
    breaks: 7,
    file: "shared/connection/receive-report.ts",
    before: `if (owner !== customerId) return refuse("not_the_owner");`,
    after: "",
    test: unit("functions/receive-report", "makes a dead letter of what is not_the_owner"),
  },
];
