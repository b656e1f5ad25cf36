// Passkeys, beside allauth's own script: its button where the browser can, a sentence where it failed.
const buttons = document.querySelectorAll("#passkey_login, [id^=mfa_webauthn_]");
let pressed;

for (const button of buttons) {
  if (button.id === "passkey_login") button.hidden = !window.PublicKeyCredential;
  button.addEventListener("click", () => {
    pressed = button;
    document.querySelector("[data-passkey-told]")?.remove();
  });
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const nowhere = event.detail.exception?.name === "SecurityError";
  const told = document.getElementById(nowhere ? "passkey_nowhere" : "passkey_failed").content.firstElementChild.cloneNode(true);
  told.dataset.passkeyTold = "";
  pressed.closest(".buttons, .ways").after(told);
});
