"""Fax: one document, and several services that can send it; FAX_URL says which. Each is a file here."""
