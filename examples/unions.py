"""Unions: let the model choose among several types; a field with a constant tells them apart.

Run it with ``python examples/unions.py``.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from qwen_structured import generate


class SetAlarm(BaseModel):
    action: Literal["set_alarm"]
    at: str = Field(pattern=r"^\d\d:\d\d$", description="time of day")


class PlayMusic(BaseModel):
    action: Literal["play_music"]
    room: str
    volume: int = Field(ge=1, le=10)


class SendMessage(BaseModel):
    action: Literal["send_message"]
    person: str


Command = Annotated[SetAlarm | PlayMusic | SendMessage, Field(discriminator="action")]


def describe(command: Command) -> str:
    match command:
        case SetAlarm(at=at):
            return f"An alarm rings at {at}."
        case PlayMusic(room=room, volume=volume):
            return f"Music plays in the {room} at volume {volume}."
        case SendMessage(person=person):
            return f"A message goes to {person}."


def main() -> None:
    for said in ("set an alarm, at 06:45", "play music in the kitchen, volume 4", "send a message to Ana"):
        print(describe(generate(Command, said)))


if __name__ == "__main__":
    main()
