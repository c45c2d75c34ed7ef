/** GET /health */
export const handler = async () => {
  process.stdout.write('{"level":"INFO","message":"request"}\n');
  return { statusCode: 200, headers: { "content-type": "application/json" }, body: '{"status":"ok"}' };
};
