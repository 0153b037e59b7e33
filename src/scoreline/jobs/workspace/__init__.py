"""Jobs of a workspace: one function a command."""
