"""The pages on which documents to print are asked for: of a campaign, and to a person in prison."""
