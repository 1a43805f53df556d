"""Rates of Argentine taxes and contributions, in parts of ten thousand (2100 is 21 %).

Those that depend on province, activity or size are what a small wholesaler of Buenos Aires meets;
minimums and scales are left out.
"""

from __future__ import annotations

WHOLE = 10_000

VAT = 2100  # IVA, ley 23.349, art. 28
VAT_REDUCED = 1050  # flour, pulses; interest of bank loans
VAT_UTILITIES = 2700  # energy and telephone for who is registered
VAT_PERCEPTION = 300  # RG 2408
VAT_WITHHOLDING_CARDS = 100  # RG 140
TURNOVER_TAX = 350  # Ingresos Brutos, wholesale
TURNOVER_PERCEPTION = 150
TURNOVER_WITHHOLDING = 150
INCOME_TAX_WITHHOLDING = 200  # RG 830, sale of goods
INCOME_TAX_WITHHOLDING_RENT = 600  # RG 830, rents
INCOME_TAX = 2500  # first bracket for companies
BANK_TAX = 60  # ley 25.413, on each credit and each debit
MUNICIPAL_RATE = 50  # tasa por inspección de seguridad e higiene
CARD_FEE = 180
WALLET_FEE = 80
EMPLOYEE_CONTRIBUTIONS = 1700  # aportes: jubilación 11, PAMI 3, obra social 3
UNION_DUES = 250  # sindicato 2, FAECyS 0,5
EMPLOYER_CONTRIBUTIONS = 2400  # contribuciones: seguridad social 18, obra social 6
WORK_INSURANCE = 300  # ART
LEGAL_RESERVE = 500  # ley 19.550, art. 70
LATE_INTEREST = 400  # what the company charges for a month's delay


def share(amount_minor: int, rate: int) -> int:
    """Return `rate` ten-thousandths of an amount, rounded half up to the centavo.

    >>> share(100_05, VAT)
    2101
    """
    return (amount_minor * rate + WHOLE // 2) // WHOLE


def grown(amount_minor: int, rate: int) -> int:
    """Return the amount with `rate` ten-thousandths on top."""
    return amount_minor + share(amount_minor, rate)
