"""System-wide settings, modes and the permission matrix."""
