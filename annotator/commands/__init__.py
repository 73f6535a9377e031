"""The commands, a few to a module; `annotator.cli` lists them. What they share is in `base`."""
