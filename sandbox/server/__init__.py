"""Served characters: a chat endpoint for programs that speak the OpenAI protocol, and an interface for game engines."""
