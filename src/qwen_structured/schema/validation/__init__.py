"""What Pydantic validates, said in JSON Schema; `qwen_structured.schema.validated` is the door."""
