"""Who and what happened: people, prisons, cases, their members, timeline and sources."""
