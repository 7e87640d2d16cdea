"""The parties of contracts and of money."""

from foundation.lifecycle.phases import PREPARED
from foundation.parties import Party, everybody_in
from foundation.roles import SEES_MONEY, Role

buyer = Party(Role.CIVIL_AFFAIRS)


finance = Party(Role.FINANCE)


#: The coordinators of the provider with whom the contract is, once it was offered to them.
contracted_provider = Party(Role.COORDINATOR, organization="provider__organization", phases=~PREPARED)


#: The same for what belongs to a contract.
provider_of_its_contract = contracted_provider.along("contract")


#: Who sees a contract; what belongs to one is seen as it is.
SEES_CONTRACTS = (*everybody_in(SEES_MONEY), contracted_provider)


#: Who reads what of a contract: from which budget it is paid is the city's own affair.
READ_OF_CONTRACTS = dict.fromkeys(("budget_line", "earmarks"), everybody_in(SEES_MONEY))


#: Who sees budgets, their documents, the ledger, and the templates of contracts.
SEES_BUDGETS = everybody_in(SEES_MONEY)
