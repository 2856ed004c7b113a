"""How big and how dear a run of so many ratings is, by the rates that the benchmark measured."""
