"""Certificates of providers: files with number, issuer and last day."""
