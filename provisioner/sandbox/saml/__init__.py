"""SAML 2.0 as both identity providers of the sandbox speak it: requests read, responses signed and posted."""
