"""The form of an app in a request: the document's fields, and those that answers show and clients send back."""

from __future__ import annotations

from provisioner.sandbox.okta.shapes import anything, array, flag, mapping, one_of, open_object, record, text, whole

NAME_FORMATS = tuple(f"urn:oasis:names:tc:SAML:2.0:attrname-format:{name}" for name in ("basic", "uri", "unspecified"))
_X5C = record({"x5c": array(text)})

# A statement without a known type cannot be read at all: E0000003 (public issue terraform-provider-okta 2276).
_STATEMENT = record(
    {
        "type": one_of("EXPRESSION", "GROUP"),
        "name": text,
        "namespace": one_of(*NAME_FORMATS),
        "values": array(text),
        "filterType": one_of("STARTS_WITH", "EQUALS", "CONTAINS", "REGEX"),
        "filterValue": text,
    }
)
_SIGN_ON = record(
    dict.fromkeys(
        (
            "audience",
            "audienceOverride",
            "authnContextClassRef",
            "defaultRelayState",
            "destination",
            "destinationOverride",
            "idpIssuer",
            "loginUrl",
            "recipient",
            "recipientOverride",
            "redirectUrl",
            "spIssuer",
            "ssoAcsUrl",
            "ssoAcsUrlOverride",
            "subjectNameIdFormat",
            "subjectNameIdTemplate",
        ),
        text,
    )
    | dict.fromkeys(
        (
            "allowMultipleAcsEndpoints",
            "assertionSigned",
            "honorForceAuthn",
            "requestCompressed",
            "responseSigned",
            "samlSignedRequestEnabled",
        ),
        flag,
    )
    | {
        "acsEndpoints": array(record({"url": text, "index": whole})),
        "assertionEncryption": record(
            {
                "enabled": flag,
                "encryptionAlgorithm": one_of("AES128_CBC", "AES256_CBC", "AES128_GCM", "AES256_GCM"),
                "keyTransportAlgorithm": one_of("RSA_OAEP", "RSA_15"),
                "x5c": array(text),
            }
        ),
        "attributeStatements": array(_STATEMENT),
        "configuredAttributeStatements": array(_STATEMENT),
        "digestAlgorithm": one_of("SHA1", "SHA256"),
        "inlineHooks": array(record({"id": text, "_links": open_object})),
        "participateSlo": record(
            {
                "enabled": flag,
                "bindingType": one_of("POST", "REDIRECT"),
                "logoutRequestUrl": text,
                "sessionIndexRequired": flag,
            }
        ),
        "samlAssertionLifetimeSeconds": whole,
        "signatureAlgorithm": one_of("RSA_SHA1", "RSA_SHA256"),
        "slo": record({"enabled": flag, "issuer": text, "logoutUrl": text}),
        "spCertificate": _X5C,
    }
)
_OAUTH = record(
    dict.fromkeys(
        (
            "application_type",
            "backchannel_authentication_request_signing_alg",
            "backchannel_custom_authenticator_id",
            "backchannel_token_delivery_mode",
            "client_uri",
            "consent_method",
            "frontchannel_logout_uri",
            "id_token_encrypted_response_alg",
            "initiate_login_uri",
            "issuer_mode",
            "jwks_uri",
            "logo_uri",
            "policy_uri",
            "request_object_signing_alg",
            "sector_identifier_uri",
            "subject_type",
            "tos_uri",
            "wildcard_redirect",
        ),
        text,
    )
    | dict.fromkeys(("dpop_bound_access_tokens", "frontchannel_logout_session_required", "participate_slo"), flag)
    | dict.fromkeys(("grant_types", "post_logout_redirect_uris", "redirect_uris", "response_types"), array(text))
    | {
        "idp_initiated_login": record({"mode": text, "default_scope": array(text)}),
        "jwks": open_object,
        "network": open_object,
        "refresh_token": record({"rotation_type": one_of("ROTATE", "STATIC"), "leeway": whole}),
    }
)
_USER_NAME = record(
    {
        "template": text,
        "type": one_of("NONE", "BUILT_IN", "CUSTOM"),
        "suffix": text,
        "userSuffix": text,
        "pushStatus": one_of("PUSH", "DONT_PUSH", "NOT_CONFIGURED"),
    }
)
_CREDENTIALS = record(
    {
        "userNameTemplate": _USER_NAME,
        "signing": record(
            dict.fromkeys(("kid", "use", "rotationMode", "lastRotated", "nextRotation"), text),
        ),
        "scheme": one_of(
            "ADMIN_SETS_CREDENTIALS",
            "EDIT_PASSWORD_ONLY",
            "EDIT_USERNAME_AND_PASSWORD",
            "EXTERNAL_PASSWORD_SYNC",
            "SHARED_USERNAME_AND_PASSWORD",
        ),
        "userName": text,
        "password": record({"value": text}),
        "revealPassword": flag,
        "oauthClient": record(
            dict.fromkeys(("client_id", "client_secret", "token_endpoint_auth_method"), text)
            | {"autoKeyRotation": flag, "pkce_required": flag}
        ),
    }
)
_VPN = record(
    {
        "network": record(
            {
                "connection": one_of("ANYWHERE", "DISABLED", "OFF_NETWORK", "ON_NETWORK"),
                "include": array(text),
                "exclude": array(text),
            }
        ),
        "message": text,
        "helpUrl": text,
    }
)
_SETTINGS = record(
    {
        "app": open_object,
        "emOptInStatus": text,
        "identityStoreId": text,
        "implicitAssignment": flag,
        "inlineHookId": text,
        "manualProvisioning": flag,
        "notes": record({"admin": text, "enduser": text}),
        "notifications": record({"vpn": _VPN}),
        "oauthClient": _OAUTH,
        "signOn": _SIGN_ON,
    }
)
APP = record(
    dict.fromkeys(("id", "orn", "name", "label", "status", "created", "lastUpdated"), text)
    | {
        "accessibility": record({"selfService": flag, "errorRedirectUrl": text, "loginRedirectUrl": text}),
        "visibility": record(
            {
                "autoLaunch": flag,
                "autoSubmitToolbar": flag,
                "hide": record({"iOS": flag, "web": flag}),
                "appLinks": mapping(flag),
            }
        ),
        "features": array(text),
        "signOnMode": one_of(
            "AUTO_LOGIN",
            "BASIC_AUTH",
            "BOOKMARK",
            "BROWSER_PLUGIN",
            "OPENID_CONNECT",
            "SAML_1_1",
            "SAML_2_0",
            "SECURE_PASSWORD_STORE",
            "WS_FEDERATION",
        ),
        "credentials": _CREDENTIALS,
        "settings": _SETTINGS,
        "universalLogout": open_object,
        "licensing": open_object,
        "profile": open_object,
        "_links": anything,
        "_embedded": anything,
    }
)
