"""Models, a module a subject; import them from here."""
