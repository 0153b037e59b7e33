"""One function a command: everything that a face may call."""
