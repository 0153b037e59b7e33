"""Handlers: how a message leaves the house; one module a kind, none knows the store."""
