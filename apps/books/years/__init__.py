"""The end of a fiscal year: adjustments, inflation, refundición, cierre, apertura."""
