"""With whom the company deals."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Customer:
    """Who buys on account: days given to pay, and whether they withhold taxes when they do."""

    name: str
    days: int
    withholds: bool = False


CUSTOMERS = (
    Customer("Almacén Don Pepe", 15),
    Customer("Almacén La Nueva", 15),
    Customer("Autoservicio Los Tilos", 30),
    Customer("Autoservicio San Cayetano", 30),
    Customer("Despensa Marta", 15),
    Customer("Despensa El Ombú", 15),
    Customer("Kiosco 25 de Mayo", 15),
    Customer("Kiosco La Terminal", 15),
    Customer("Maxikiosco Avenida", 15),
    Customer("Mercadito Santa Rosa", 30),
    Customer("Panadería La Espiga", 30),
    Customer("Panadería Nuevo Sol", 30),
    Customer("Rotisería Doña Elsa", 15),
    Customer("Restaurante El Fogón", 30),
    Customer("Cantina del Club Atlético", 30),
    Customer("Supermercado El Puente S.A.", 30, withholds=True),
    Customer("Supermercados Norte Unido S.A.", 45, withholds=True),
    Customer("Cooperativa de Consumo Limitada", 45, withholds=True),
)

LANDLORD = "Inmobiliaria Rivadavia S.R.L."
ACCOUNTANT = "Estudio Contable Ferreyra"
CARRIER = "Transportes Laprida"
INSURER = "La Comercial Seguros"
CARD_NETWORK = "tarjetas"
LENDER = "Banco Nación"
