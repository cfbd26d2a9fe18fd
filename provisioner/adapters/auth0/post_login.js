// Stands in for Auth0 around one post-login Action, and notes what the Action asks of it. Evaluates to a function that
// the program calls with a command and a text. Whatever is not known here is noted by name, and throws: code that goes
// on with a guess would give a guess.
(() => {
  const { parse, stringify } = JSON;
  const has = Object.prototype.hasOwnProperty;
  const run = { state: "idle", calls: [], missing: [], error: "" };
  const module = { exports: {} };

  const unknown = (what) => {
    run.missing.push(what);
    throw new Error(`${what} is not known here`);
  };

  // What the language itself looks for, in whatever a function returns among others.
  const isItsOwn = (key) => typeof key === "symbol" || key === "then";

  // Any use of it is unknown.
  const closed = (path) => {
    const told = () => unknown(path);
    const get = (_, key) => (isItsOwn(key) ? undefined : unknown(`${path}.${key}`));
    return new Proxy(function () {}, { get, apply: told, construct: told, has: told, ownKeys: told, set: told });
  };

  // An object of which these members are known, and no others.
  const open = (path, members) =>
    new Proxy(members, {
      get: (target, key) =>
        isItsOwn(key) || key in target ? target[key] : unknown(`${path}.${key}`),
      has: (target, key) => key in target || unknown(`${path}.${String(key)}`),
      ownKeys: () => unknown(path),
    });

  const texts = (name, value) => {
    if (value === undefined) return null;
    return [value].flat().map((each) => {
      if (each !== null && !["string", "number", "boolean"].includes(typeof each)) unknown(`such a value of ${name}`);
      return String(each);
    });
  };

  const nothing = () => api;
  const setters = new Proxy({}, {
    get: (_, key) => (...values) => {
      if (isItsOwn(key) || !/^set[A-Z]/.test(key)) unknown(`api.samlResponse.${String(key)}`);
      const [first, second] = values;
      if (key === "setAttribute") run.calls.push([key, String(first), texts(first, second)]);
      else run.calls.push([key, parse(stringify(first ?? null))]);
      return api;
    },
  });
  const api = open("api", {
    access: open("api.access", {
      deny: (reason) => {
        run.calls.push(["deny", String(reason)]);
        return api;
      },
    }),
    samlResponse: setters,
    accessToken: open("api.accessToken", { setCustomClaim: nothing, addScope: nothing, removeScope: nothing }),
    idToken: open("api.idToken", { setCustomClaim: nothing }),
    multifactor: open("api.multifactor", { enable: nothing }),
    user: open("api.user", { setAppMetadata: nothing, setUserMetadata: nothing }),
  });

  const eventOf = (known) => {
    const members = {};
    // What a person lacks is undefined, and known to be.
    for (const name of Object.keys(known.user)) known.user[name] ??= undefined;
    for (const name of Object.keys(known)) members[name] = open(`event.${name}`, known[name]);
    for (const name of ["request", "secrets", "stats", "tenant"]) members[name] = closed(`event.${name}`);
    return open("event", members);
  };

  for (const name of [
    "AbortController", "Buffer", "Intl", "TextDecoder", "TextEncoder", "URL", "URLSearchParams", "atob", "btoa",
    "crypto", "fetch", "performance", "process", "setImmediate", "setInterval", "setTimeout", "structuredClone",
  ])
    globalThis[name] = closed(name);
  globalThis.console = new Proxy({}, { get: () => () => undefined });

  const commands = {
    load: (code) => {
      const require = (name) => unknown(`the package ${name}`);
      new Function("exports", "module", "require", code)(module.exports, module, require);
    },
    start: (text) => {
      Object.assign(run, { state: "running", calls: [], missing: [], error: "" });
      Promise.resolve()
        .then(() => {
          const handler = module.exports.onExecutePostLogin;
          if (typeof handler !== "function") throw new Error("it exports no onExecutePostLogin");
          return handler(eventOf(parse(text)), api);
        })
        .then(() => (run.state = "done"))
        .catch((error) => Object.assign(run, { state: "failed", error: String(error?.message ?? error) }));
    },
    outcome: () => stringify(run),
  };
  return (command, text) => has.call(commands, command) && commands[command](text);
})();
