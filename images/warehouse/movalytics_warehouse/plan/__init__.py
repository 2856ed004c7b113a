"""What a run is about and whether there is anything to do; the schema brought up to date."""
