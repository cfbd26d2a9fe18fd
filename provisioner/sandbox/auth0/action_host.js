// What a post-login Action finds around it. Evaluates to a function of its code and event that gives back
// another one, which tells the outcome as JSON once all pending jobs have run. No way leads out of the context.
(() => {
  "use strict";
  const stringify = JSON.stringify;
  const parse = JSON.parse;
  const compile = Function;

  const SAML_SETTINGS = [
    "Audience", "Recipient", "CreateUpnClaim", "PassthroughClaimsWithNoMapping", "MapUnknownClaimsAsIs",
    "MapIdentities", "SignatureAlgorithm", "DigestAlgorithm", "Issuer", "Destination", "LifetimeInSeconds",
    "SignResponse", "NameIdentifierFormat", "NameIdentifierProbes", "AuthnContextClassRef", "SigningCert",
    "IncludeAttributeNameFormat", "TypedAttributes", "EncryptionCert", "EncryptionPublicKey", "RelayState",
    "Cert", "Key", "EncryptionAlgorithm",
  ];
  // Accepted and without effect on a SAML login.
  const SILENT = {
    accessToken: ["setCustomClaim", "addScope", "removeScope"],
    idToken: ["setCustomClaim"],
    authentication: ["challengeWith", "challengeWithAny", "enrollWith", "enrollWithAny", "recordMethod"],
    multifactor: ["enable"],
    session: ["revoke"],
  };

  const plain = (value) => value === null || ["string", "number", "boolean"].includes(typeof value);

  const makeApi = (outcome) => {
    const api = {};
    const silent = () => api;
    for (const [name, methods] of Object.entries(SILENT)) {
      api[name] = Object.fromEntries(methods.map((method) => [method, silent]));
    }
    api.access = {
      deny: (reason) => { outcome.denied = String(reason); return api; },
    };
    api.user = {
      setUserMetadata: (name, value) => { outcome.userMetadata[name] = value ?? null; return api; },
      setAppMetadata: (name, value) => { outcome.appMetadata[name] = value ?? null; return api; },
    };
    api.samlResponse = {
      setAttribute: (name, value) => {
        const given = value === undefined ? null : value;
        if (!plain(given) && !(Array.isArray(given) && given.every(plain))) {
          throw new TypeError(`The value of the SAML attribute ${name} is no plain value and no array of them`);
        }
        outcome.attributes[name] = given;
        return api;
      },
    };
    for (const name of SAML_SETTINGS) {
      api.samlResponse[`set${name}`] = (value) => { outcome.samlSettings[name] = value ?? null; return api; };
    }
    const cache = new Map();
    api.cache = {
      get: (key) => cache.get(key),
      set: (key, value) => { cache.set(key, { value }); return { type: "success" }; },
      delete: (key) => { cache.delete(key); return { type: "success" }; },
    };
    return api;
  };

  const words = (value) => (typeof value === "string" ? value : stringify(value) ?? String(value));

  return (code, eventText) => {
    const outcome = {
      attributes: {}, samlSettings: {}, denied: null, userMetadata: {}, appMetadata: {}, logs: [], error: null,
      settled: false,
    };
    const log = (...values) => { outcome.logs.push(values.map(words).join(" ")); };
    const console = { log, info: log, warn: log, error: log, debug: log };
    const require = (name) => { throw new Error(`Cannot find module '${name}'`); };
    const setTimeout = (callback, _delay, ...given) => { Promise.resolve().then(() => callback(...given)); };

    const run = async () => {
      const module = { exports: {} };
      compile("exports", "module", "require", "console", "setTimeout", code)(
        module.exports, module, require, console, setTimeout,
      );
      const handler = module.exports.onExecutePostLogin;
      if (typeof handler !== "function") {
        throw new TypeError("onExecutePostLogin is not exported");
      }
      await handler(parse(eventText), makeApi(outcome));
    };
    const settle = (error) => { outcome.error = error; outcome.settled = true; };
    const worded = (error) => (error instanceof Error ? `${error.name}: ${error.message}` : `Error: ${error}`);
    run().then(() => settle(null), (error) => settle(worded(error)));
    return () => stringify(outcome);
  };
})()
