"""The dashboard: statistics from materialised figures, and the demo."""
