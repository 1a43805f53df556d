"""What people call things, and the names that charts of accounts give them, likeliest first."""

from __future__ import annotations

import functools
import re

# One row a thing: the ways to say it, then the names to look for in the chart, in order.
_ROWS: tuple[tuple[str, str], ...] = (
    (
        "luz|electricidad|energia|edesur|edenor|edelap|epec",
        "luz|energia electrica|energia|electricidad|servicios publicos",
    ),
    ("gas", "gas|energia electrica gas y agua|servicios publicos"),
    ("agua", "agua|energia electrica gas y agua|servicios publicos"),
    ("servicios publicos", "servicios publicos|energia electrica gas y agua|energia electrica"),
    ("internet|wifi", "internet|telefono e internet|comunicaciones"),
    ("telefono|celular|celulares", "telefono|telefonia|comunicaciones"),
    (
        "sueldos?|salarios?|haberes|jornales|remuneraciones|sueldos? (?:del|al) personal|sueldos? de(?: los)? empleados|sueldos y jornales",
        "sueldos y jornales|sueldos|salarios|remuneraciones|haberes|sueldos y cargas sociales",
    ),
    ("aguinaldos?|sac", "aguinaldo|sueldo anual complementario|sac"),
    (
        "aportes(?: y contribuciones)?|contribuciones(?: patronales)?|cargas(?: sociales)?",
        "cargas sociales|contribuciones patronales|aportes y contribuciones",
    ),
    ("personal", "gastos de personal|gastos en personal|sueldos y cargas sociales"),
    (
        "alquiler(?:es)?(?: (?:del|de la|de) (?:local|oficina|deposito|galpon))?|renta",
        "alquileres|alquileres perdidos|alquileres pagados|alquiler",
    ),
    (
        "publicidad|propaganda|marketing|avisos|promocion(?:es)?",
        "publicidad y propaganda|publicidad|propaganda|marketing",
    ),
    ("nafta|combustibles?|gasoil|gas oil", "combustibles y lubricantes|combustible"),
    ("seguros?", "seguros|seguro|seguros pagados"),
    (
        "honorarios? (?:al? |a la |a los |del? |de la |de los )?(?:contador(?:a|es)?|abogad[oa]s?|estudio contable)",
        "honorarios profesionales|honorarios",
    ),
    ("contador|estudio contable|abogados?|honorarios?", "honorarios profesionales|honorarios|honorarios pagados"),
    ("limpieza", "limpieza|limpieza y vigilancia|gastos de limpieza"),
    ("mantenimiento|reparaciones|arreglos", "mantenimiento y reparaciones|mantenimiento|reparaciones"),
    ("papeleria|libreria|utiles", "papeleria y utiles|papeleria|utiles de oficina|gastos de oficina"),
    ("viaticos|movilidad|taxis?|viajes", "movilidad y viaticos|viaticos|movilidad"),
    ("fletes?|envios|transporte", "fletes|fletes sobre ventas|fletes y acarreos"),
    ("impuestos?", "impuestos y tasas|impuestos"),
    ("iibb|ingresos brutos|ib", "impuesto sobre los ingresos brutos|ingresos brutos|impuesto a los ingresos brutos"),
    (
        "impuesto (?:al|a los|de los) (?:cheques?|debitos(?: y creditos)?)",
        "impuesto a los debitos y creditos bancarios|impuesto a los debitos",
    ),
    ("software|licencias|suscripciones|sistemas", "licencias de software y suscripciones|software|sistemas"),
    (
        "gastos bancarios|comisiones bancarias|comisiones del banco|gastos de banco",
        "gastos y comisiones bancarias|gastos bancarios|comisiones bancarias",
    ),
    ("intereses (?:bancarios|(?:al|del?|a los|de los|con el) bancos?)", "intereses bancarios|intereses pagados|intereses perdidos"),
    ("intereses(?: pagados)?", "intereses pagados|intereses perdidos|intereses"),
    (
        "cmv|costo de ventas?|costo de mercaderias?|costo de lo vendido",
        "costo de ventas|costo de mercaderias vendidas|costo de venta",
    ),
    ("amortizaciones|depreciaciones", "amortizaciones|depreciaciones|amortizacion bienes de uso"),
    ("despidos?|indemnizaciones", "indemnizaciones por despido|indemnizaciones"),
    ("donaciones?", "donaciones"),
    ("multas?", "multas y sanciones|multas"),
    ("cuentas? (?:a|por) pagar", "cuentas a pagar|deudas comerciales|proveedores"),
    (
        "clientes?|deudores|creditos por ventas?|cuentas? a cobrar|cuentas? por cobrar",
        "clientes|deudores por ventas|creditos por ventas|cuentas a cobrar|deudores",
    ),
    ("morosos?|deudores morosos", "deudores morosos|deudores en mora"),
    ("incobrables?", "deudores incobrables"),
    ("proveedor(?:es)?|provs?|prov", "proveedores|deudas comerciales|cuentas a pagar"),
    (
        "bancos?|bcos?|bco|cuenta corriente|cuentas bancarias|cuenta bancaria|bancari[oa]s?",
        "bancos|banco|banco cuenta corriente",
    ),
    (
        "plata|dinero|guita|fondos|disponibilidades|efectivo y bancos|caja y bancos|disponible|liquidez inmediata",
        "caja y bancos|disponibilidades|efectivo y equivalentes|disponible|efectivo",
    ),
    ("caja chica", "caja chica|fondo fijo"),
    ("deudas? bancos?", "deudas bancarias|deudas bancarias y financieras|prestamos bancarios"),
    ("efectivo|cash", "efectivo|caja|caja general"),
    ("caja", "caja|caja general|caja moneda nacional|caja pesos"),
    (
        "(?:inventarios? de )?mercaderias?|mercancias?|inventarios?|stock valorizado",
        "mercaderias|mercaderia|mercaderias de reventa|bienes de cambio",
    ),
    ("autos?|vehiculos?|camionetas?|camiones|rodados?", "rodados|vehiculos"),
    ("computadoras?|computacion|equipos informaticos|pcs|notebooks", "equipos de computacion|equipos informaticos"),
    ("muebles", "muebles y utiles|muebles"),
    ("maquinas?|maquinarias?", "maquinarias|maquinaria"),
    ("edificios?|inmuebles?", "edificios|inmuebles"),
    (
        "prestamos?(?: bancarios?)?|creditos? bancarios?",
        "prestamos bancarios|prestamos|deudas bancarias|deudas bancarias y financieras",
    ),
    (
        "deudas? bancarias?|deudas? financieras?|deuda con(?: el| los)? bancos?",
        "deudas bancarias y financieras|deudas bancarias|prestamos bancarios",
    ),
    (
        "deudas? fiscales?|deudas? impositivas?|deudas? (?:de |por )?impuestos?|afip|arca|fisco",
        "deudas fiscales|cargas fiscales|deudas impositivas",
    ),
    ("deudas? comerciales?", "deudas comerciales|proveedores"),
    ("tarjetas?", "tarjetas de credito a cobrar|tarjetas"),
    ("iva (?:compras?|cf|creditos?)|credito fiscal(?: del? iva)?", "iva credito fiscal|iva compras|credito fiscal"),
    ("iva (?:ventas?|df|debitos?)|debito fiscal(?: del? iva)?", "iva debito fiscal|iva ventas|debito fiscal"),
    ("mercado pago|mp|billeteras?(?: virtual(?:es)?)?", "mercado pago|billeteras virtuales|billetera virtual"),
    (
        "(?:cheques|valores) (?:en cartera|(?:sin|por|a|para) depositar|de terceros)",
        "valores a depositar|cheques de terceros|cheques en cartera",
    ),
    ("plazos? fijos?", "plazos fijos|plazo fijo|inversiones temporarias"),
    ("socios|retiros", "cuentas particulares de los socios|cuenta particular|retiros"),
    ("capital", "capital social|capital|capital suscripto"),
    (
        "ventas?|vtas?|facturacion",
        "ventas|ventas de bienes|ventas de mercaderias|ventas y servicios|servicios prestados|ingresos por servicios|ingresos por ventas|servicios|honorarios ganados|ingresos ordinarios",
    ),
    ("compras?(?: de mercaderias?)?", "compras|compras de mercaderias|mercaderias"),
    ("cobranzas", "deudores por ventas|clientes"),
)
_COMPILED = tuple((re.compile(rf"(?:{ways})"), tuple(names.split("|"))) for ways, names in _ROWS)


@functools.lru_cache(maxsize=4096)
def names_for(phrase: str) -> tuple[str, ...]:
    """Return the names that charts may give to what a folded phrase names; none for an unknown one."""
    for pattern, names in _COMPILED:
        if pattern.fullmatch(phrase):
            return names
    return ()


def known_words() -> frozenset[str]:
    """Return the words that the ways of saying are made of."""
    return frozenset(
        word
        for ways, names in _ROWS
        for word in re.findall(r"[a-z]{3,}", re.sub(r"\(\?:([a-z]+)\)\?", r"\1", ways))
        + re.findall(r"[a-z]{3,}", names)
    )


_ABBREVIATIONS = {
    "amort": "amortizacion",
    "acum": "acumulada",
    "bco": "banco",
    "c/c": "corriente",
    "cta": "cuenta",
    "cte": "corriente",
    "deud": "deudores",
    "doc": "documentos",
    "gs": "gastos",
    "gtos": "gastos",
    "hon": "honorarios",
    "imp": "impuesto",
    "merc": "mercaderias",
    "prev": "prevision",
}


def spelt_out(word: str) -> str:
    """Return the word that an abbreviation of a chart stands for, or the word itself."""
    return _ABBREVIATIONS.get(word, word)
