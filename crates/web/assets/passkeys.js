// Asks the browser for a passkey, and sends its answer with the form. All else is the server's.
"use strict";

const fromText = (text) => {
  const padded = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(padded), (c) => c.charCodeAt(0));
};

const toText = (buffer) => {
  let bytes = "";
  for (const byte of new Uint8Array(buffer)) bytes += String.fromCharCode(byte);
  return btoa(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
};

const listed = (list) => (list ?? []).map((one) => ({ ...one, id: fromText(one.id) }));

async function make(options) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: fromText(options.challenge),
      user: { ...options.user, id: fromText(options.user.id) },
      excludeCredentials: listed(options.excludeCredentials),
    },
  });
  return {
    id: made.id,
    rawId: toText(made.rawId),
    type: made.type,
    response: {
      clientDataJSON: toText(made.response.clientDataJSON),
      attestationObject: toText(made.response.attestationObject),
    },
    clientExtensionResults: { credProps: made.getClientExtensionResults().credProps },
  };
}

async function use(options) {
  const used = await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: fromText(options.challenge),
      allowCredentials: listed(options.allowCredentials),
    },
  });
  const { response } = used;
  return {
    id: used.id,
    rawId: toText(used.rawId),
    type: used.type,
    response: {
      clientDataJSON: toText(response.clientDataJSON),
      authenticatorData: toText(response.authenticatorData),
      signature: toText(response.signature),
      userHandle: response.userHandle ? toText(response.userHandle) : null,
    },
    clientExtensionResults: {},
  };
}

async function asked(form) {
  const body = new URLSearchParams();
  if (form.elements.csrf) body.set("csrf", form.elements.csrf.value);
  const response = await fetch(form.dataset.options, { method: "POST", body });
  const json = response.headers.get("content-type")?.startsWith("application/json");
  return json ? { ok: response.ok, ...(await response.json()) } : { ok: false };
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const says = form.querySelector(".passkey-says");
  const say = (text) => {
    says.textContent = text;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    // "One click, one act" is for forms that go out at once.
    event.stopPropagation();
    if (form.hasAttribute("aria-busy")) return;
    form.setAttribute("aria-busy", "true");
    say("");
    try {
      if (!window.PublicKeyCredential) return say(says.dataset.unable);
      const { ok, origin, options, message } = await asked(form).catch(() => ({ ok: false }));
      if (!ok) return say(message ?? says.dataset.failed);
      if (origin !== window.location.origin) {
        return say(says.dataset.elsewhere.replace("{origin}", origin));
      }
      const answer = await (form.dataset.passkey === "make" ? make : use)(options);
      form.elements.answer.value = JSON.stringify(answer);
      // The server is not told which part of the page was asked for.
      const to = form.elements.to;
      if (to && !to.value.includes("#")) to.value += window.location.hash;
      form.submit();
    } catch (error) {
      say(error.name === "InvalidStateError" ? says.dataset.taken : says.dataset.cancelled);
    } finally {
      form.removeAttribute("aria-busy");
    }
  });
}
