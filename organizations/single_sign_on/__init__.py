"""The city's single sign-on (OpenID Connect): a second way in for accounts that there are."""
