"""The decision room and what follows it: each act in the module of its step."""
