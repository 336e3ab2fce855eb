"""Doubles of outside services: small ASGI apps that refuse what the real ones refuse."""
