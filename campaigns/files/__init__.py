"""Campaign files: a whole campaign as one YAML file, in and out (docs/campaign-file.md)."""
