"""Letters on paper: every PDF of the site comes out of one renderer process."""
