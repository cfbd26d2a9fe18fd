"""What Flex asks of any identity provider: addresses, claims, roles, rules, and the values for Twilio Console. Pure."""
