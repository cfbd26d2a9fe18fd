"""From an app in a request to the app that Okta keeps: rules, defaults and normalisations of every kind of app."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.okta import app_catalog, errors, oidc_settings, saml_settings
from provisioner.sandbox.okta.app_catalog import Template

Body = dict[str, Any]

BUILT_IN_USER_NAMES = (
    "${source.employeeID}",
    "${source.samAccountName}",
    "${fn:toLowerCase(source.samAccountName)}",
    "${source.userName}",
    '${fn:substringBefore(source.userName, "@")}',
    "${source.email}",
    "${fn:toLowerCase(source.email)}",
    '${fn:substringBefore(source.email, "@")}',
    "${source.userName}${instance.userSuffix}",
    "${source.login}",
    '${fn:substringBefore(source.login, "@")}',
)
"""The templates of the type BUILT_IN (OpenAPI: ApplicationCredentialsUsernameTemplate)."""
VPN = {"network": {"connection": "DISABLED"}, "message": None, "helpUrl": None}


def filled(app: Body, given: Body, template: Template, fold_relay_state: bool) -> Body:
    """The app with everything that `given` sets, and the defaults for all that it does not name.

    `app` is what stays whatever a request says: id, name, created, the signing key. A replacement goes the same way
    as a creation, so what it does not send is reset (recording 05; OpenAPI: replaceApplication).
    """
    label = given.get("label")
    if not label or len(label) > 100:
        raise errors.invalid("label", "label: The field cannot be left blank" if not label else "label: Too long")
    licensing = {"licensing": dict(template.licensing)} if template.licensing else {}
    return (
        app
        | licensing
        | {
            "label": label,
            "accessibility": _accessibility(given.get("accessibility") or {}),
            "visibility": _visibility(app, given.get("visibility") or {}, template),
            "features": [],
            "signOnMode": template.mode,
            "credentials": _credentials(app, given, template),
            "settings": _settings(given.get("settings") or {}, template, fold_relay_state),
            "logout": dict(template.logout),
        }
    )


def _accessibility(given: Body) -> Body:
    return {
        "selfService": bool(given.get("selfService")),
        "errorRedirectUrl": given.get("errorRedirectUrl") or None,
        "loginRedirectUrl": given.get("loginRedirectUrl") or None,
    }


def _visibility(app: Body, given: Body, template: Template) -> Body:
    """OpenID Connect apps are hidden unless told otherwise (replay: okta-sdk-python's create)."""
    hidden = template.mode == "OPENID_CONNECT"
    hide = given.get("hide") or {}
    links = template.links or {f"{app['name']}_link": True}
    asked = given.get("appLinks") or {}
    return {
        "autoLaunch": bool(given.get("autoLaunch")),
        "autoSubmitToolbar": bool(given.get("autoSubmitToolbar")),
        "hide": {name: hidden if hide.get(name) is None else hide[name] for name in ("iOS", "web")},
        "appLinks": {name: asked.get(name, shown) for name, shown in links.items()},
    }


def _credentials(app: Body, given: Body, template: Template) -> Body:
    wanted = given.get("credentials") or {}
    made: Body = {}
    if template.mode in app_catalog.SCHEMES:
        made["scheme"] = wanted.get("scheme") or "EDIT_USERNAME_AND_PASSWORD"
        made["revealPassword"] = bool(wanted.get("revealPassword"))
        if made["scheme"] == "SHARED_USERNAME_AND_PASSWORD":
            made |= {"userName": wanted.get("userName"), "password": {}}
    made["userNameTemplate"] = _user_name(wanted.get("userNameTemplate") or {})
    made["signing"] = {"kid": app["kid"]} if template.mode in app_catalog.SIGNED else {}
    if app["name"] == "oidc_client":
        before = (app.get("credentials") or {}).get("oauthClient") or {}
        made["oauthClient"] = oidc_settings.credentials(app["id"], wanted.get("oauthClient") or {}, before)
    return made


def _user_name(given: Body) -> Body:
    """The template of the user name; a custom one always says whether it is pushed (replay: template_basic_auth).

    An expression of one's own is refused as BUILT_IN (the wording is a guess); as CUSTOM nobody reads it here.
    """
    made = {"template": given.get("template") or "${source.login}", "type": given.get("type") or "BUILT_IN"}
    if made["type"] == "BUILT_IN" and made["template"] not in BUILT_IN_USER_NAMES:
        raise errors.invalid("template", "credentials.userNameTemplate.template: Not a built-in expression")
    if made["type"] == "CUSTOM":
        made["pushStatus"] = given.get("pushStatus") or "DONT_PUSH"
    return made | {name: given[name] for name in ("suffix", "userSuffix") if given.get(name)}


def _settings(given: Body, template: Template, fold_relay_state: bool) -> Body:
    notes = given.get("notes") or {}
    made: Body = {
        "app": _own(given.get("app") or {}, template),
        "notifications": {"vpn": VPN | ((given.get("notifications") or {}).get("vpn") or {})},
        "manualProvisioning": bool(given.get("manualProvisioning")),
        "implicitAssignment": bool(given.get("implicitAssignment")),
        "notes": {"admin": notes.get("admin") or None, "enduser": notes.get("enduser") or None},
    }
    sign_on = given.get("signOn") or {}
    if template.mode in {"SAML_2_0", "SAML_1_1"}:
        custom = template.custom
        made["signOn"] = (
            saml_settings.custom(sign_on, fold_relay_state) if custom else saml_settings.catalog(template.mode, sign_on)
        )
    if template.mode == "AUTO_LOGIN":
        if not sign_on.get("loginUrl"):
            raise errors.invalid("loginUrl", "settings.signOn.loginUrl: The field cannot be left blank")
        made["signOn"] = {"redirectUrl": sign_on.get("redirectUrl"), "loginUrl": sign_on["loginUrl"]}
    if template is app_catalog.CATALOG["oidc_client"]:
        made["oauthClient"] = oidc_settings.client(given.get("oauthClient") or {})
    return made


def _own(given: Body, template: Template) -> Body:
    """The app's own settings; one that the app does not have is refused (the wording is a guess)."""
    unknown = [name for name in given if name not in template.settings]
    blank = [name for name in template.required if given.get(name) in (None, "")]
    if unknown or blank:
        causes = [f"settings.app.{name}: Unknown setting" for name in unknown]
        causes += [f"settings.app.{name}: The field cannot be left blank" for name in blank]
        raise errors.invalid("settings.app", *causes)
    # An empty text comes back as null (replay: template_swa).
    return {
        name: default if given.get(name) in (None, "") else given[name] for name, default in template.settings.items()
    }
