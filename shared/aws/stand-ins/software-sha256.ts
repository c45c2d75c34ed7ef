/** Stands in for SHA-256 in JavaScript, which the SDK brings for a Node without OpenSSL: Lambda's has it. */
export class Sha256Js {
  constructor() {
    throw new Error("bundles have no SHA-256 but Node's own: see cdk/lean-sdk.ts");
  }
}
