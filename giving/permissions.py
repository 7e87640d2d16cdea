"""The parties of charity funds, goods and gifts."""

from foundation.parties import Party, everybody_in
from foundation.roles import SEES_MONEY, Role

#: The coordinators of the charity that keeps the pool.
keeper = Party(Role.COORDINATOR, organization="provider__organization")


#: The coordinators of the charity that received the gift.
receiver = keeper.along("pool")


#: Who counts the stock: goods alone are counted.
counter = keeper.limited(kind="goods")


overseer = Party(Role.CIVIL_AFFAIRS)


#: Who sees a pool.
SEES_POOLS = (*everybody_in(SEES_MONEY), keeper)
