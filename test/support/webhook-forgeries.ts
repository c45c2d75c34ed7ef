/** Webhooks that Finch did not send, or not so, or not now: every way that a forger or a bad line may find. */
import { createHash, createHmac } from "node:crypto";
import { createRandom, type Random } from "./random.ts";
import {
  aGenuineWebhook,
  aWebhookSecret,
  type ForgerySetting,
  headersOf,
  macOf,
  signWebhook,
  type TestWebhook,
} from "./signed-webhook.ts";

/** What is sent. */
export interface WebhookRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

interface Forger extends ForgerySetting {
  readonly random: Random;
  /** Whom the genuine webhook was made with. */
  readonly secret: string;
}

/** What of a genuine webhook is another; the headers, if that is not by their values. */
type Forge = (
  webhook: TestWebhook,
  forger: Forger,
) => Partial<TestWebhook> & { readonly headers?: Readonly<Record<string, string>> };

const v1 = (mac: Buffer | string): string => `v1,${typeof mac === "string" ? mac : mac.toString("base64")}`;

const flip = (bytes: Buffer, { below }: Random): Buffer => {
  const copy = Buffer.from(bytes);
  const at = below(copy.length);
  copy[at] = (copy[at] ?? 0) ^ (1 << below(8));
  return copy;
};

const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"];

const flipText = (text: string, { below, pick }: Random): string => {
  const at = below(text.length);
  return text.slice(0, at) + pick(letters.filter((letter) => letter !== text[at])) + text.slice(at + 1);
};

/** The genuine MAC, written otherwise. */
const written = (webhook: TestWebhook, secret: string, change: (mac: string) => string) => ({
  signature: v1(change(macOf(secret, webhook).toString("base64"))),
});

const nextLetter = (letter = ""): string => letters[letters.indexOf(letter) + 1] ?? "A";

const forgeries = {
  "altered body": [
    ({ body }, { random }) => ({ body: flip(body, random) }),
    ({ body }) => ({ body: Buffer.from(JSON.stringify(JSON.parse(body.toString()))) }),
    ({ body }, { random }) => ({ body: body.subarray(0, random.below(body.length)) }),
    ({ body }, { random }) => ({ body: Buffer.concat([body, Buffer.from(random.pick([" ", "\n", "\0", "}"]))]) }),
    ({ body }) => ({ body: Buffer.concat([Buffer.from("\ufeff"), body]) }),
    ({ body }) => ({ body: Buffer.from(body.toString().replace("é", "e\u0301")) }),
    (_, forger) => ({ body: aGenuineWebhook({ ...forger, connectionId: crypto.randomUUID() }, forger.random).body }),
  ],
  "altered id": [
    ({ eventId }, { random }) => ({ eventId: flipText(eventId, random) }),
    (_, forger) => ({ eventId: aGenuineWebhook(forger, forger.random).eventId }),
    ({ eventId }, { random }) => ({ eventId: random.pick(["", ".", `${eventId}.`, `${eventId}x`, `${eventId}%`]) }),
    // What is signed is the same text, cut at another place.
    ({ eventId, timestamp }) => ({ eventId: `${eventId}.${timestamp}`, timestamp: "" }),
  ],
  "altered timestamp": [
    ({ timestamp }, { random }) => ({ timestamp: String(Number(timestamp) + random.pick([-300, -1, 1, 299])) }),
    ({ timestamp: t }, { random }) => {
      const others = [
        `0${t}`,
        `+${t}`,
        `${t}.0`,
        `${t}000`,
        `-${t}`,
        "",
        "NaN",
        "0x64f0",
        "1e9",
        "9".repeat(40),
        "now",
      ];
      return { timestamp: random.pick(others) };
    },
    // With a signature that is right, of a time that is not even written as Finch writes it.
    (webhook, { random, secret }) => {
      const t = webhook.timestamp;
      const timestamp = random.pick(["NaN", "", "Infinity", `${t}.0`, `+${t}`, "0x1"]);
      return { timestamp, signature: v1(macOf(secret, { ...webhook, timestamp })) };
    },
  ],
  "replayed later, or sent from the future": [
    ({ body }, { random, secret, now }) => {
      const seconds = random.pick([-1, 1]) * (310 + random.below(1e9));
      return signWebhook([secret], body, { at: new Date(now.getTime() + seconds * 1_000) });
    },
  ],
  "altered signature": [
    (webhook, { random, secret }) => ({ signature: v1(flip(macOf(secret, webhook), random)) }),
    (webhook, { random, secret }) => written(webhook, secret, (mac) => `${flipText(mac.slice(0, 42), random)}A=`),
    (webhook, { random, secret }) => written(webhook, secret, (mac) => mac.slice(0, random.below(43))),
    (_, { random }) => ({
      signature: random.pick(["", ",", "v1", "v1,", "v1,=", "v1,A", "v1,AA==", `v1,${"A".repeat(43)}=`]),
    }),
    (_, forger) => ({ signature: aGenuineWebhook(forger, forger.random).signature }),
    (webhook) => ({ signature: v1(macOf(aWebhookSecret(), webhook)) }),
    (webhook) => ({ signature: v1(macOf("", webhook)) }),
    // The secret's text in place of what it stands for.
    (webhook, { secret }) => ({ signature: v1(macOf(Buffer.from(secret), webhook)) }),
    (webhook, { random, secret }) => ({
      signature: v1(macOf(secret, webhook, random.pick(["sha1", "sha512", "sha384", "md5"]))),
    }),
    ({ body }) => ({ signature: v1(createHash("sha256").update(body).digest()) }),
    ({ body }, { secret }) => ({
      signature: v1(createHmac("sha256", Buffer.from(secret, "base64")).update(body).digest()),
    }),
    (webhook, { random, secret }) => ({
      signature: Array.from({ length: 100 }, () => v1(flip(macOf(secret, webhook), random))).join(" "),
    }),
  ],
  "altered version": [
    ({ signature }, { random }) => {
      const versions = ["v2,", "v1a,", "V1,", "v0,", "v1;", "v1=", "1,", "v1 ,", ",", "", "v1,v1,", "v11,"];
      return { signature: signature.replaceAll("v1,", random.pick(versions)) };
    },
  ],
  "altered encoding": [
    (webhook, { secret }) => ({ signature: v1(macOf(secret, webhook).toString("hex")) }),
    (webhook, { secret }) => written(webhook, secret, (mac) => mac.replaceAll("+", "-").replaceAll("/", "_")),
    (webhook, { secret }) => written(webhook, secret, (mac) => mac.slice(0, -1)),
    (webhook, { random, secret }) => written(webhook, secret, (mac) => mac + random.pick(["=", "A", "%", ",", "!"])),
    (webhook, { random, secret }) => {
      const at = 1 + random.below(42);
      return written(webhook, secret, (mac) => mac.slice(0, at) + random.pick(["%", "!", "-", ","]) + mac.slice(at));
    },
    // The last letter has two bits that stand for nothing.
    (webhook, { secret }) => written(webhook, secret, (mac) => `${mac.slice(0, 42)}${nextLetter(mac[42])}=`),
    ({ body }) => ({ body: Buffer.from(body.toString("base64")) }),
    ({ body }) => ({ body: Buffer.from(body.toString("utf8"), "utf16le") }),
  ],
  "altered headers": [
    (webhook, { random }) => {
      const { [random.pick(Object.keys(headersOf(webhook)))]: _, ...headers } = headersOf(webhook);
      return { headers };
    },
    // Repeated, as the gateway joins them.
    (webhook, { random }) => {
      const name = random.pick(["Finch-Event-Id", "Finch-Timestamp"]);
      const { [name]: value = "" } = headersOf(webhook);
      return { headers: { ...headersOf(webhook), [name]: `${value},${value}` } };
    },
    (webhook, { random }) => {
      const prefix = random.pick(["Webhook-", "Svix-", "X-Finch-", "Finch_"]);
      const entries = Object.entries(headersOf(webhook));
      return { headers: Object.fromEntries(entries.map(([name, value]) => [name.replace("Finch-", prefix), value])) };
    },
  ],
} as const satisfies Readonly<Record<string, readonly Forge[]>>;

/** The kinds of forgeries. */
export const kindsOfForgeries: readonly string[] = Object.keys(forgeries);

const ways = Object.entries(forgeries).flatMap(([kind, forges]) => forges.map((forge: Forge) => ({ kind, forge })));

/** How many ways there are to forge. */
export const waysToForge = ways.length;

/**
 * A genuine webhook, and what the forger made of it in one of the ways. Undefined where the two are the same: base64url of
 * some MACs is their base64.
 */
export const forgeWebhook = (
  setting: ForgerySetting,
  way: number,
  seed: number,
): { readonly kind: string; readonly genuine: WebhookRequest; readonly forged: WebhookRequest } | undefined => {
  const { kind, forge } = ways[way] ?? { kind: "", forge: (): ReturnType<Forge> => ({}) };
  const random = createRandom(seed);
  const webhook = aGenuineWebhook(setting, random);
  const { headers, ...changes } = forge(webhook, { ...setting, random, secret: setting.secrets[0] ?? "" });
  const altered = { ...webhook, ...changes };
  const isGenuine =
    headers === undefined &&
    altered.eventId === webhook.eventId &&
    altered.timestamp === webhook.timestamp &&
    altered.body.equals(webhook.body) &&
    altered.signature.split(" ").some((entry) => webhook.signature.split(" ").includes(entry));
  if (isGenuine) return undefined;
  return {
    kind,
    genuine: { headers: headersOf(webhook), body: webhook.body },
    forged: { headers: headers ?? headersOf(altered), body: altered.body },
  };
};
