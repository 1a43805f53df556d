"""Reports from the books, each as JSON, CSV, workbook and PDF."""
