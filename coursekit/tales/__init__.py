"""Tales: short stories told by a grammar, with everything in them known."""
from coursekit.tales.collection import END, Tales
from coursekit.tales.concepts import CONCEPTS, spans
from coursekit.tales.prompts import prompts
from coursekit.tales.story import Story, tell

__all__ = ["CONCEPTS", "END", "Story", "Tales", "prompts", "spans", "tell"]
