// Reads {options, requests, responses: {name: base64}} as JSON, has node-saml judge each response,
// and prints {name: the reason of its refusal, or null}.
"use strict";

const { SAML } = require("@node-saml/node-saml");

/** The requests that were made and not answered yet; none is forgotten, so that each response meets the same ones. */
function asked(requests) {
  const since = new Date().toISOString();
  return {
    saveAsync: async () => null,
    getAsync: async (id) => (requests.includes(id) ? since : null),
    removeAsync: async () => null,
  };
}

async function refusal(options, requests, response) {
  try {
    const saml = new SAML({ ...options, cacheProvider: asked(requests) });
    const { profile } = await saml.validatePostResponseAsync({ SAMLResponse: response });
    return profile ? null : "no profile";
  } catch (error) {
    return error.message;
  }
}

async function main() {
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  const { options, requests, responses } = JSON.parse(Buffer.concat(chunks));
  const verdicts = {};
  for (const [name, response] of Object.entries(responses)) {
    verdicts[name] = await refusal(options, requests, response);
  }
  process.stdout.write(JSON.stringify(verdicts));
}

main();
