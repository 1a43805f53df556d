"""Two charts unlike the default one, and what the questions' account words mean in each company."""

from __future__ import annotations

SERVICES = """
1 Activo
1.1 Activo Corriente
1.1.1 Disponibilidades
1.1.1.01 Caja
1.1.1.02 Banco Galicia c/c
1.1.1.03 Banco Santander c/c
1.1.1.04 Mercado Pago
1.1.2 Cuentas a Cobrar
1.1.2.01 Clientes
1.1.2.02 Anticipos al Personal
1.1.3 Créditos Impositivos
1.1.3.01 IVA Crédito Fiscal
1.1.3.02 Retenciones de Ganancias
1.1.4 Insumos
1.1.4.01 Mercaderías
1.2~ Activo No Corriente
1.2.1~ Bienes de Uso
1.2.1.01~ Rodados
1.2.1.02-~ Amort. Acum. Rodados
1.2.1.03~ Equipos Informáticos
1.2.1.04-~ Amort. Acum. Equipos Informáticos
2 Pasivo
2.1 Pasivo Corriente
2.1.1 Cuentas a Pagar
2.1.1.01 Proveedores
2.1.1.02 Tarjeta Corporativa
2.1.2 Deudas con el Personal
2.1.2.01 Sueldos a Pagar
2.1.2.02 Cargas Sociales a Pagar
2.1.3 Deudas Impositivas
2.1.3.01 IVA Débito Fiscal
2.1.3.02 Ingresos Brutos a Pagar
2.2~ Pasivo No Corriente
2.2.1~ Deudas Financieras
2.2.1.01~ Préstamos Bancarios
3 Patrimonio Neto
3.1 Capital y Reservas
3.1.1 Aportes
3.1.1.01 Capital Suscripto
3.1.1.02 Resultados No Asignados
4 Ingresos
4.1 Ingresos de la Actividad
4.1.1 Ventas y Servicios
4.1.1.01 Abonos Mensuales
4.1.1.02 Proyectos a Medida
4.1.1.03 Venta de Equipos
4.1.1.04- Bonificaciones Otorgadas
4.2 Otros Ingresos
4.2.1 Ingresos Financieros
4.2.1.01 Intereses Ganados
5 Egresos
5.1 Costos Directos
5.1.1 Costo de los Servicios
5.1.1.01 Subcontratistas
5.1.1.02 Costo de Equipos Vendidos
5.2 Gastos Operativos
5.2.1 Sueldos y Cargas
5.2.1.01 Sueldos
5.2.1.02 Contribuciones Patronales
5.2.2 Gastos de Oficina
5.2.2.01 Alquileres Pagados
5.2.2.02 Luz y Gas
5.2.2.03 Internet y Telefonía
5.2.2.04 Seguros
5.2.2.05 Honorarios Contables
5.2.3 Gastos Comerciales
5.2.3.01 Publicidad
5.2.3.02 Comisiones por Ventas
5.3 Gastos Financieros
5.3.1 Bancarios
5.3.1.01 Comisiones Bancarias
5.3.1.02 Intereses Pagados
"""
SCHOOL = """
1 Activo
11 Activo corriente
111 Caja y Bancos
111001 Caja
111002 Banco cuenta corriente
112 Créditos
112001 Deudores por ventas
112002 IVA crédito fiscal
113 Bienes de cambio
113001 Mercaderías
12~ Activo no corriente
121~ Bienes de uso
121001~ Rodados
121002~ Muebles y útiles
2 Pasivo
21 Pasivo corriente
211 Deudas
211001 Proveedores
211002 Sueldos a pagar
211003 IVA débito fiscal
211004 Préstamos bancarios
3 Patrimonio neto
31 Aportes
311 Capital
311001 Capital
4 Ingresos
41 Ingresos por actividad
411 Ventas
411001 Ventas de mercaderías
5 Egresos
51 Costos
511 Costo de ventas
511001 Costo de mercaderías vendidas
52 Gastos
521 Gastos generales
521001 Alquileres
521002 Sueldos y jornales
521003 Electricidad
521004 Publicidad
521005 Seguros
521006 Honorarios
"""
# The condition that each word of the questions stands for, written by hand from the charts.
MEANINGS: dict[str, dict[str, str]] = {
    "comercio": {
        "caja": "codigo = '11101'",
        "bancos": "codigo IN ('11104', '11105', '11106')",
        "disponible": "rubro = 'Caja y bancos'",
        "clientes": "codigo = '11301'",
        "proveedores": "codigo = '21101'",
        "mercaderias": "codigo = '11601'",
        "rodados": "codigo = '12308'",
        "iva_cf": "codigo = '11401'",
        "capital": "codigo = '31101'",
        "prestamos": "codigo = '21201'",
        "sueldos": "codigo = '53101'",
        "sueldos_pagar": "codigo = '21301'",
        "alquiler": "codigo = '53201'",
        "luz": "codigo = '53202'",
        "publicidad": "codigo = '52101'",
        "seguros": "codigo = '53205'",
        "honorarios": "codigo = '53206'",
        "ventas": "codigo = '41101'",
    },
    "servicios": {
        "caja": "codigo = '1.1.1.01'",
        "bancos": "codigo IN ('1.1.1.02', '1.1.1.03')",
        "disponible": "rubro = 'Disponibilidades'",
        "clientes": "codigo = '1.1.2.01'",
        "proveedores": "codigo = '2.1.1.01'",
        "mercaderias": "codigo = '1.1.4.01'",
        "rodados": "codigo = '1.2.1.01'",
        "iva_cf": "codigo = '1.1.3.01'",
        "capital": "codigo = '3.1.1.01'",
        "prestamos": "codigo = '2.2.1.01'",
        "sueldos": "codigo = '5.2.1.01'",
        "sueldos_pagar": "codigo = '2.1.2.01'",
        "alquiler": "codigo = '5.2.2.01'",
        "luz": "codigo = '5.2.2.02'",
        "publicidad": "codigo = '5.2.3.01'",
        "seguros": "codigo = '5.2.2.04'",
        "honorarios": "codigo = '5.2.2.05'",
        "ventas": "rubro = 'Ventas y Servicios'",
    },
    "escuela": {
        "caja": "codigo = '111001'",
        "bancos": "codigo = '111002'",
        "disponible": "rubro = 'Caja y Bancos'",
        "clientes": "codigo = '112001'",
        "proveedores": "codigo = '211001'",
        "mercaderias": "codigo = '113001'",
        "rodados": "codigo = '121001'",
        "iva_cf": "codigo = '112002'",
        "capital": "codigo = '311001'",
        "prestamos": "codigo = '211004'",
        "sueldos": "codigo = '521002'",
        "sueldos_pagar": "codigo = '211002'",
        "alquiler": "codigo = '521001'",
        "luz": "codigo = '521003'",
        "publicidad": "codigo = '521004'",
        "seguros": "codigo = '521005'",
        "honorarios": "codigo = '521006'",
        "ventas": "rubro = 'Ventas'",
    },
}
