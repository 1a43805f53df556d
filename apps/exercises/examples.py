"""Examples of bodies, for the OpenAPI document."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample

EXERCISE = OpenApiExample(
    "Venta al contado",
    {
        "title": "Venta al contado",
        "statement": "El 12/3 se vende al contado por **$ 200.000 más IVA 21 %**. Registrá la venta.",
        "tolerance": 0,
        "expected": [
            {
                "label": "Venta al contado", "points": 10, "date_from": "2026-03-01", "date_to": "2026-03-31",
                "alternatives": [
                    {"lines": [
                        {"account": "11101", "debit": 24200000},
                        {"account": "41101", "credit": 20000000},
                        {"account": "21401", "credit": 4200000},
                    ]},
                ],
            },
        ],
    },
    request_only=True,
)
TRIAL = OpenApiExample(
    "Sin el IVA",
    {"entries": [{"date": "2026-03-12", "lines": [
        {"account": "11101", "debit": 24200000}, {"account": "41101", "credit": 24200000},
    ]}]},
    request_only=True,
)
EXERCISE_CHANGE = OpenApiExample("Tolerancia", {"tolerance": 100}, request_only=True)
ASSIGNMENT = OpenApiExample(
    "A un grupo", {"exercise": 4, "group": "3A", "closes_at": "2026-04-01T23:59:00-03:00", "tries_max": 3},
    request_only=True,
)
ASSIGNMENT_CHANGE = OpenApiExample("Una semana más", {"closes_at": "2026-04-08T23:59:00-03:00"}, request_only=True)
HAND_IN = OpenApiExample("Todo lo registrado", {"assignment": 7}, request_only=True)
OVERRIDE = OpenApiExample(
    "Nota a mano", {"earned": 900, "reason": "Explicó en clase por qué usó otra cuenta."}, request_only=True
)
