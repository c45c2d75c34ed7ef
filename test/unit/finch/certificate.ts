/** A certificate for a server of a test's own at 127.0.0.1: X.509 version 3 (RFC 5280), signed with its own key. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** What a server over TLS needs, as PEM. */
export interface ServerIdentity {
  readonly cert: string;
  readonly key: string;
}

/** A value in DER (ITU-T X.690): its tag, its length and what is in it. */
const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
};
const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const identifier = (hex: string): Buffer => der(0x06, Buffer.from(hex, "hex"));
const time = (at: Date): Buffer => der(0x18, Buffer.from(`${at.toISOString().replace(/\D/g, "").slice(0, 14)}Z`));

const ecdsaWithSha256 = sequence(identifier("2a8648ce3d040302"));
const commonName = "550403";
const subjectAltName = "551d11";

/** Makes one that is good for an hour; nobody trusts it yet. */
export const createServerIdentity = (): ServerIdentity => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = sequence(der(0x31, sequence(identifier(commonName), der(0x0c, Buffer.from("a test's own server")))));
  const [from, until] = [new Date(Date.now() - 3_600_000), new Date(Date.now() + 3_600_000)];
  const address = der(0x87, Buffer.from([127, 0, 0, 1]));
  const extensions = sequence(sequence(identifier(subjectAltName), der(0x04, sequence(address))));
  const certificate = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1]), randomBytes(8)),
    ...[ecdsaWithSha256, name, sequence(time(from), time(until)), name, spkiOf(publicKey)],
    der(0xa3, extensions),
  );
  const signature = der(0x03, Buffer.from([0]), sign("sha256", certificate, privateKey));
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${sequence(certificate, ecdsaWithSha256, signature).toString("base64")}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
};

const spkiOf = (key: KeyObject): Buffer => key.export({ type: "spki", format: "der" });
