"""Speed and quality against peers. Imports anything; nothing imports it."""
