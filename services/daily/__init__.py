"""What is done every day: steps that run once a day, each by itself, whatever happens to the others.

No framework: who calls keeps the record (`runner.Record`) and gives the steps.
"""

from services.daily.runner import Outcome, Record, Report, Step, StepFailed, run

__all__ = ["Outcome", "Record", "Report", "Step", "StepFailed", "run"]
