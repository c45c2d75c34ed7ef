/**
 * Ways back from Connect that are not the one that was opened: forged, cut, doubled, somebody else's, in another browser, too
 * late, or once more. It is long because all of them are in one place.
 */
import { randomBytes } from "node:crypto";
import { hashOf } from "#shared/connection/capability.ts";
import type { ConnectSession } from "#shared/connection/connect-session.ts";
import type { Random } from "./random.ts";

/** What is asked of Perch, as it is sent. */
export type Attempt =
  | { readonly door: "callback"; readonly query: string; readonly cookie?: string | undefined }
  | { readonly door: "embedded"; readonly customerId: string; readonly body: string }
  | { readonly door: "link"; readonly ticket: string; readonly cookie?: string | undefined };

/** The name of the cookie that ties a browser to the openings it made. */
export const cookieName = "__Host-perch_browser";

/** All that somebody has who may come back. */
export interface Genuine {
  readonly state: string;
  readonly code: string;
  /** Empty for an embedded session. */
  readonly cookie: string;
  readonly ticket: string;
  readonly connectionId: string;
  readonly session: Pick<ConnectSession, "sessionId" | "customerId" | "reauthenticates">;
}

/** Who is there. Nobody of them has come back yet. */
export interface Scene {
  /** Whose way back is attacked, in a browser. */
  readonly victim: Genuine;
  /** Another browser that has opened the same link. */
  readonly scanner: Genuine;
  /** Another customer in another browser. */
  readonly stranger: Genuine;
  /** The victim's customer, in its own page. */
  readonly embedded: Genuine;
  /** The stranger's. */
  readonly strangerEmbedded: Genuine;
}

type Forge = (scene: Scene, random: Random) => Attempt;

/** A cookie header with Perch's cookie. */
const cookieOf = (cookie: string): string => `${cookieName}=${cookie}`;

/** The way back as it was opened. */
export const genuineCallback = ({ state, code, cookie }: Genuine): Attempt => ({
  door: "callback",
  query: new URLSearchParams({ code, state }).toString(),
  cookie: cookieOf(cookie),
});

/** The same for an embedded session. */
export const genuineEmbedded = ({ state, code, session }: Genuine): Attempt => ({
  door: "embedded",
  customerId: session.customerId,
  body: JSON.stringify({ authorization_code: code, state }),
});

const bytesOf = (state: string): Buffer => Buffer.from(state, "base64url");

const flipBit = (state: string, { below }: Random): string => {
  const bytes = bytesOf(state);
  const at = below(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
  return bytes.toString("base64url");
};

const swapCase = (text: string): string =>
  [...text].map((each) => (each === each.toLowerCase() ? each.toUpperCase() : each.toLowerCase())).join("");

const insert = (text: string, at: number, what: string): string => text.slice(0, at) + what + text.slice(at);

const replaceAt = (text: string, at: number, what: string): string => text.slice(0, at) + what + text.slice(at + 1);

const alphabet = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"];

const otherLetter = (text: string, random: Random): string => {
  const at = random.below(text.length);
  return replaceAt(text, at, random.pick(alphabet.filter((letter) => letter !== text[at])));
};

/** Another text in the place of a `state`. */
type Spoil = (state: string, scene: Scene, random: Random) => string;

const forgedStates: readonly Spoil[] = [
  () => randomBytes(48).toString("base64url"),
  (_, __, { below }) => randomBytes(1 + below(200)).toString("base64url"),
  // The session is right, the secret is not.
  (state) => Buffer.concat([bytesOf(state).subarray(0, 16), randomBytes(32)]).toString("base64url"),
  (state) => Buffer.concat([bytesOf(state).subarray(0, 16), Buffer.alloc(32)]).toString("base64url"),
  // The secret is right, the session is another.
  (state, { stranger }) =>
    Buffer.concat([bytesOf(stranger.state).subarray(0, 16), bytesOf(state).subarray(16)]).toString("base64url"),
  (state, { stranger }) =>
    Buffer.concat([bytesOf(state).subarray(0, 16), bytesOf(stranger.state).subarray(16)]).toString("base64url"),
  (state, _, random) => flipBit(state, random),
  (state, _, random) => otherLetter(state, random),
  (state) => swapCase(state),
  (state) => [...state].reverse().join(""),
  (state) => bytesOf(state).reverse().toString("base64url"),
  (state) => hashOf(state),
  (_, { victim }) => victim.ticket,
  (_, { victim }) => victim.session.sessionId,
  (_, { victim }) => victim.code,
  (_, { victim }) => victim.cookie,
  () => "",
  (_, __, { pick }) =>
    pick(["null", "undefined", "[object Object]", "0", "true", "*", "' OR '1'='1", "{}", "__proto__"]),
];

const cutStates: readonly Spoil[] = [
  (state, _, { below }) => state.slice(0, below(state.length)),
  (state, _, { below }) => state.slice(1 + below(state.length - 1)),
  (state, _, { below }) => insert(state.slice(0, -1), below(63), "\u00e9"),
];

const prolongedStates: readonly Spoil[] = [
  (state, _, { pick }) => state + pick(["A", "=", "==", " ", "\0", "\n", "\ufeff", ".", "%", "/", "\u200b"]),
  (state, _, { pick }) => pick([" ", "\0", "\t", "\ufeff", "state="]) + state,
  (state, _, { below, pick }) => insert(state, 1 + below(62), pick([" ", "\0", "-", "\u00ad", "\u0301", "%00"])),
  (state) => state + state,
  (state) => state.repeat(7),
];

const encodedStates: readonly Spoil[] = [
  (state) => bytesOf(state).toString("hex"),
  (state) => Buffer.from(state).toString("base64url"),
  (state) => `%${state.charCodeAt(0).toString(16)}${state.slice(1)}`,
  (state, _, { below }) => {
    const at = below(64);
    // Full width, as some systems fold it.
    return replaceAt(state, at, String.fromCodePoint(0xff00 + state.charCodeAt(at) - 0x20));
  },
  (state, _, { below }) => replaceAt(state, below(64), String.fromCodePoint(0x10000 + below(0x1000))),
  (state) => [...state].join("\0"),
  (state) => `"${state}"`,
  (state) => JSON.stringify([state]),
  (state) => `data:${state}`,
];

const spoilt = (spoils: readonly Spoil[]): readonly Forge[] =>
  spoils.flatMap((spoil): readonly Forge[] => [
    (scene, random) => genuineCallback({ ...scene.victim, state: spoil(scene.victim.state, scene, random) }),
    (scene, random) => {
      const { embedded, strangerEmbedded, victim } = scene;
      // The ticket and the cookie are a browser's; an embedded session has others of its own.
      const own = { ...scene, victim: { ...victim, ...embedded, cookie: victim.cookie }, stranger: strangerEmbedded };
      return genuineEmbedded({ ...embedded, state: spoil(embedded.state, own, random) });
    },
  ]);

/** The query written by hand. */
const asking =
  (query: (genuine: Genuine, scene: Scene, random: Random) => string): Forge =>
  (scene, random) => ({
    ...genuineCallback(scene.victim),
    door: "callback",
    query: query(scene.victim, scene, random),
  });

/** The embedded body written by hand. */
const posting =
  (body: (genuine: Genuine, random: Random) => unknown): Forge =>
  (scene, random) => {
    const written = body(scene.embedded, random);
    return {
      door: "embedded",
      customerId: scene.embedded.session.customerId,
      body: typeof written === "string" ? written : JSON.stringify(written),
    };
  };

const doubled: readonly Forge[] = [
  asking(({ state, code }, { stranger }) => `code=${code}&state=${state}&state=${stranger.state}`),
  asking(({ state, code }, { stranger }) => `code=${code}&state=${stranger.state}&state=${state}`),
  asking(({ state, code }) => `code=${code}&state=${state}&state=${state}`),
  asking(({ state, code }) => `code=${code}&state=${state}&state=`),
  asking(({ state, code }) => `code=${code}&code=${code}x&state=${state}`),
  asking(({ state, code }) => `state=${state}&code=${code}&code=${code}`),
  asking(({ state, code }, { stranger }) => `code=${code}&state=${state},${stranger.state}`),
  asking(({ state, code }) => `code=${code}&state%5B%5D=${state}`),
  asking(({ state, code }) => `code=${code}&state%5B0%5D=${state}`),
  asking(({ state, code }, { stranger }) => `code=${code}&state=${stranger.state}&State=${state}&STATE=${state}`),
  asking(({ state, code }, { stranger }) => `code=${code}&state=${stranger.state};state=${state}`),
  posting(({ state, code }) => ({ authorization_code: code, state: [state] })),
  posting(({ state, code }) => ({ authorization_code: [code], state })),
  posting(({ state, code }) => ({ authorization_code: code, state: { value: state } })),
  posting(({ state, code }) => `{"state":"${state}","authorization_code":"${code}","state":"${state.slice(1)}A"}`),
  posting(({ state, code }) => ({ authorization_code: code, state, access_token: "not-a-real-token" })),
  posting(({ state, code }) => ({ authorization_code: code, state, customer_id: "another" })),
  posting(({ state, code }) => [{ authorization_code: code, state }]),
  posting(({ state, code }) => `{"authorization_code":"${code}","__proto__":{"state":"${state}"}}`),
];

const encoded: readonly Forge[] = [
  ...spoilt(encodedStates),
  asking(({ state, code }) => `code=${code}&state=%25${state.charCodeAt(0).toString(16)}${state.slice(1)}`),
  asking(({ state, code }, _, { below }) => `code=${code}&state=${insert(state, below(64), "%00")}`),
  asking(({ state, code }, _, { below }) => `code=${code}&state=${insert(state, below(64), "%zz")}`),
  asking(({ state, code }) => `code=${code}&state=${state}%`),
  // An overlong form of a letter, and half of a surrogate pair: neither is UTF-8.
  asking(({ state, code }) => `code=${code}&state=%C1%A6${state.slice(1)}`),
  asking(({ state, code }) => `code=${code}&state=%ED%A0%80${state.slice(1)}`),
  asking(({ state, code }) => `code=${code}&%73tate%00=${state}`),
  asking(({ state, code }) => `code=${code}&state=${state.replaceAll(/./g, "%u00$&")}`),
  posting(({ state, code }) => `{"authorization_code":"${code}","state":"\\ud800${state.slice(1)}"}`),
];

const foreign: readonly Forge[] = [
  ({ victim, stranger }) => genuineCallback({ ...victim, state: stranger.state }),
  ({ victim, stranger }) => genuineCallback({ ...stranger, state: victim.state }),
  ({ victim, stranger }) => genuineCallback({ ...stranger, cookie: victim.cookie }),
  ({ victim, stranger }) => genuineCallback({ ...victim, cookie: stranger.cookie }),
  ({ victim, scanner }) => genuineCallback({ ...victim, cookie: scanner.cookie }),
  ({ victim, scanner }) => genuineCallback({ ...victim, state: scanner.state }),
  ({ embedded, strangerEmbedded: { session } }) => genuineEmbedded({ ...embedded, session }),
  ({ embedded: { session }, strangerEmbedded }) => genuineEmbedded({ ...strangerEmbedded, session }),
  ({ embedded, strangerEmbedded: { state } }) => genuineEmbedded({ ...embedded, state }),
];

/** A `state` of one mode in the other. */
const otherMode: readonly Forge[] = [
  ({ victim }) => genuineEmbedded(victim),
  ({ victim, embedded: { state } }) => genuineCallback({ ...victim, state }),
  ({ victim, embedded: { state, code } }) => genuineCallback({ ...victim, state, code }),
  ({ embedded }) => ({ ...genuineCallback(embedded), cookie: undefined }),
  ({ embedded }) => ({ ...genuineCallback(embedded), cookie: cookieOf(embedded.session.customerId) }),
  ({ embedded }) => ({ ...genuineCallback(embedded), cookie: cookieOf(`embedded for ${embedded.session.customerId}`) }),
  ({ embedded, victim: { state } }) => genuineEmbedded({ ...embedded, state }),
  ({ victim, stranger: { session } }) => genuineEmbedded({ ...victim, session }),
];

type Header = string | undefined;

/** The victim's `state` and code, with another `Cookie` header. */
const cookies: readonly ((scene: Scene, random: Random) => Header)[] = [
  () => undefined,
  () => "",
  () => cookieOf(""),
  () => cookieOf(randomBytes(32).toString("base64url")),
  ({ stranger }) => cookieOf(stranger.cookie),
  ({ scanner }) => cookieOf(scanner.cookie),
  ({ victim }, random) => cookieOf(otherLetter(victim.cookie.slice(0, 42), random) + victim.cookie.slice(42)),
  ({ victim }, { below }) => cookieOf(victim.cookie.slice(0, below(43))),
  ({ victim }, { pick }) => cookieOf(victim.cookie + pick(["A", "=", "%00", ",", "\u00e9", "."])),
  ({ victim }) => cookieOf(`"${victim.cookie}"`),
  ({ victim }) => cookieOf(swapCase(victim.cookie)),
  ({ victim }) => cookieOf(`%${victim.cookie.charCodeAt(0).toString(16)}${victim.cookie.slice(1)}`),
  ({ victim }) => cookieOf(Buffer.from(victim.cookie).toString("base64url")),
  ({ victim }) => cookieOf(hashOf(victim.cookie)),
  ({ victim }) => cookieOf(victim.state.slice(0, 43)),
  ({ victim, stranger }) => `${cookieOf(victim.cookie)}; ${cookieOf(stranger.cookie)}`,
  ({ victim, stranger }) => `${cookieOf(stranger.cookie)}; ${cookieOf(victim.cookie)}`,
  ({ victim }) => `${cookieOf(victim.cookie)}; ${cookieOf("")}`,
  ({ victim, stranger }) => `a=b; ${cookieOf(stranger.cookie)}; ${cookieOf(victim.cookie)}; c=d`,
  ({ victim, stranger }) => `${cookieOf(victim.cookie)},${cookieOf(stranger.cookie)}`,
  ({ victim }, { pick }) => {
    const names = ["perch_browser", "__Secure-perch_browser", "__host-perch_browser", "__Host-perch_browser2"];
    const more = [
      "__HOST-PERCH_BROWSER",
      "x__Host-perch_browser",
      "__Host-perch_browser[]",
      "__Host-perch",
      "$Version",
    ];
    return `${pick([...names, ...more, "__Host-perch_browser\u200b", "__Host-perch_browser%20"])}=${victim.cookie}`;
  },
  ({ victim }) => `${cookieName} =${victim.cookie}`,
  ({ victim }) => `${cookieName}:${victim.cookie}`,
  ({ victim }) => `other=${cookieOf(victim.cookie)}`,
  ({ victim }) => victim.cookie,
];

const inAnotherBrowser: readonly Forge[] = cookies.map((header) => (scene, random) => ({
  ...genuineCallback(scene.victim),
  cookie: header(scene, random),
}));

/** Back without a code, which would end the opening. */
const denied: readonly Forge[] = [
  ...cookies.map(
    (header): Forge =>
      (scene, random) => ({
        door: "callback",
        query: `error=access_denied&state=${scene.victim.state}`,
        cookie: header(scene, random),
      }),
  ),
  ...forgedStates.map(
    (spoil): Forge =>
      asking(({ state }, scene, random) => {
        const error = random.pick(["access_denied", "server_error", "", "x".repeat(512)]);
        return new URLSearchParams({ error, state: spoil(state, scene, random) }).toString();
      }),
  ),
];

const late: readonly Forge[] = [
  ({ victim }) => genuineCallback(victim),
  ({ scanner }) => genuineCallback(scanner),
  ({ embedded }) => genuineEmbedded(embedded),
  asking(({ state }) => `error=access_denied&state=${state}`),
  ({ victim }) => ({ door: "link", ticket: victim.ticket, cookie: cookieOf(victim.cookie) }),
  ({ victim }) => ({ door: "link", ticket: victim.ticket }),
];

/** While the victim's code is at Finch, and once it has been exchanged. Of the embedded one the same. */
const again: readonly Forge[] = [
  ...inAnotherBrowser,
  ...spoilt([...forgedStates, ...cutStates, ...prolongedStates]),
  ({ victim, stranger: { code } }) => genuineCallback({ ...victim, code }),
  ({ victim, scanner: { code } }) => genuineCallback({ ...victim, code }),
  ({ victim }, random) => genuineCallback({ ...victim, code: otherLetter(victim.code, random) }),
  ({ victim }) => genuineCallback({ ...victim, code: `${victim.code} ` }),
  ({ victim }) => genuineCallback({ ...victim, code: crypto.randomUUID() }),
  ({ scanner }) => genuineCallback(scanner),
  ({ scanner, victim: { code } }) => genuineCallback({ ...scanner, code }),
  ({ victim, scanner: { cookie } }) => genuineCallback({ ...victim, cookie }),
  ({ victim, scanner: { state } }) => genuineCallback({ ...victim, state }),
  asking(({ state }) => `error=access_denied&state=${state}`),
  ({ victim }) => ({ door: "link", ticket: victim.ticket }),
  ({ victim, stranger }) => ({ door: "link", ticket: victim.ticket, cookie: cookieOf(stranger.cookie) }),
  ({ embedded, strangerEmbedded: { session } }) => genuineEmbedded({ ...embedded, session }),
  ({ embedded, strangerEmbedded: { code } }) => genuineEmbedded({ ...embedded, code }),
  ({ embedded }) => genuineEmbedded({ ...embedded, code: crypto.randomUUID() }),
  ({ embedded, victim: { code } }) => genuineEmbedded({ ...embedded, code }),
];

/** A way, and what kind of forgery it is. */
export interface Way {
  readonly kind: string;
  readonly forge: Forge;
}

const named = (kinds: Readonly<Record<string, readonly Forge[]>>): readonly Way[] =>
  Object.entries(kinds).flatMap(([kind, forges]) => forges.map((forge) => ({ kind, forge })));

/** The ways before anybody has come back. */
export const waysBefore = named({
  forged: spoilt(forgedStates),
  truncated: spoilt(cutStates),
  prolonged: spoilt(prolongedStates),
  doubled,
  encoded,
  foreign,
  "of the other mode": otherMode,
  "in another browser": inAnotherBrowser,
  denied,
});

/** The ways once the session's time is over. */
export const waysLate = named({ expired: late });

/** The ways while both are being exchanged, and afterwards. */
export const waysAgain = named({ replayed: again });
