"""What the company trades in: products, their prices, and stock at weighted average cost."""

from __future__ import annotations

from dataclasses import dataclass

from apps.dash.demo.rates import VAT, VAT_REDUCED, grown

MONTHLY_INFLATION = 200


@dataclass(frozen=True, slots=True)
class Product:
    """A line of goods, sold by the pack; `weight` is its share of sales in hundredths."""

    name: str
    supplier: str
    vat: int
    first_cost: int
    markup: int
    weight: int


PRODUCTS = (
    Product("gaseosas y aguas", "Bebidas del Plata S.A.", VAT, 9_400_00, 3900, 26),
    Product("artículos de limpieza", "Química Avellaneda S.A.", VAT, 12_650_00, 4400, 20),
    Product("galletitas y golosinas", "Dulces del Sur S.R.L.", VAT, 8_120_00, 4600, 18),
    Product("aceites y conservas", "Alimentos Pampeanos S.A.", VAT, 15_300_00, 3700, 16),
    Product("harinas", "Molinos Tandil S.A.", VAT_REDUCED, 6_480_00, 3800, 12),
    Product("legumbres secas", "Cooperativa Agrícola Salto Ltda.", VAT_REDUCED, 7_950_00, 4800, 8),
)


class Stock:
    """Units and value in centavos of each product.

    `sold_cost` is what went out and is not in the books yet: so Mercaderías in the books equals
    the value here plus `sold_cost`.
    """

    def __init__(self) -> None:
        self.units = dict.fromkeys(PRODUCTS, 0)
        self.value = dict.fromkeys(PRODUCTS, 0)
        self.sold_cost = 0
        self._costs = {product: product.first_cost for product in PRODUCTS}

    def cost(self, product: Product) -> int:
        """Return what a pack costs today, without IVA."""
        return self._costs[product]

    def price(self, product: Product) -> int:
        """Return what a pack is sold for today, without IVA."""
        return grown(self._costs[product], product.markup)

    def raise_prices(self) -> None:
        """Let a month of inflation pass."""
        self._costs = {product: grown(cost, MONTHLY_INFLATION) for product, cost in self._costs.items()}

    def put(self, product: Product, units: int, value: int) -> None:
        """Take goods in."""
        self.units[product] += units
        self.value[product] += value

    def take(self, product: Product, units: int) -> int:
        """Hand goods out and return their cost; ValueError when there are not so many."""
        if not 0 < units <= self.units[product]:
            raise ValueError(f"{units} of {self.units[product]} {product.name}")
        cost = self.value[product] * units // self.units[product]
        self.units[product] -= units
        self.value[product] -= cost
        return cost
