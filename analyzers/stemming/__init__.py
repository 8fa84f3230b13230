"""Stemming: `light_stemmer` strips clitics and endings by rule; `stopwords` are the function words."""
