"""The workspace that a command is about."""

from __future__ import annotations

from scoreline.lifecycle.workspace import Workspace, open_workspace

__all__ = ["Workspace", "open_workspace"]
