"""Messages that leave the product: texts to a phone, by whichever sender the city has."""
