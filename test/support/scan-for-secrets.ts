/** Looks for secrets that a test knows in what a deployment left behind, however they may be written there. */

/** What is searched: texts, bytes, or anything made of them. */
export type Searched = unknown;

/**
 * Finds secrets, one sentence for each: `code in base64 in the table`.
 *
 * @param places what is searched, by the words for it.
 * @param secrets what must not be found, by name; each of `shortest` characters or more.
 */
export const findSecrets = (
  places: Readonly<Record<string, Searched>>,
  secrets: Readonly<Record<string, string>>,
  shortest = 16,
): readonly string[] => {
  const texts = Object.entries(places).map(([place, searched]) => [place, [...textsIn(searched)].join("\n")] as const);
  return Object.entries(secrets).flatMap(([name, secret]) => {
    if (secret.length < shortest) throw new Error(`the secret ${name} is too short to be looked for`);
    return Object.entries(formsOf(secret)).flatMap(([form, written]) =>
      texts.filter(([, text]) => text.includes(written)).map(([place]) => `${name} ${form} in ${place}`),
    );
  });
};

const formsOf = (secret: string): Readonly<Record<string, string>> => {
  const bytes = Buffer.from(secret);
  const forms: Record<string, string> = {
    "in clear": secret,
    "as part of a URL": encodeURIComponent(secret),
    "in JSON": JSON.stringify(secret).slice(1, -1),
    backwards: [...secret].reverse().join(""),
    "in hex": bytes.toString("hex"),
    "in upper hex": bytes.toString("hex").toUpperCase(),
  };
  // Where a text begins among others decides what it looks like in base64: there are three ways.
  for (const before of [0, 1, 2]) {
    const written = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    const own = written.slice(Math.ceil((before * 4) / 3), Math.floor(((before + bytes.length) * 4) / 3));
    forms[`in base64 after ${before}`] = own;
    forms[`in base64url after ${before}`] = own.replaceAll("+", "-").replaceAll("/", "_");
  }
  return forms;
};

/** Every text in a value; bytes as text and in hex, and what a text in base64 stands for. */
function* textsIn(value: Searched): Generator<string> {
  if (typeof value === "string") {
    yield value;
    if (/^[\w+/-]{24,}={0,2}$/.test(value)) yield Buffer.from(value, "base64").toString("latin1");
  } else if (value instanceof Uint8Array) {
    yield Buffer.from(value).toString("latin1");
    yield Buffer.from(value).toString("hex");
    yield Buffer.from(value).toString("base64");
  } else if (typeof value === "object" && value !== null) {
    for (const [key, part] of Object.entries(value)) {
      yield key;
      yield* textsIn(part);
    }
  }
}
