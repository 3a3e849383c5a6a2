import reference from "@scalar/fastify-api-reference";
import Fastify from "fastify";

/** Scalar's own JavaScript, as its package carries it: asked of the package once, over no network. */
export async function scalarScript(): Promise<Buffer> {
  const carrier = Fastify();
  try {
    await carrier.register(reference, { routePrefix: "/carried", configuration: { url: "/openapi/v1.json" } });
    const response = await carrier.inject("/carried/js/scalar.js");
    if (response.statusCode !== 200) throw new Error(`Scalar's script is not where it was: ${response.statusCode}`);
    return response.rawPayload;
  } finally {
    await carrier.close();
  }
}
