"""Requests to write a function, in words: name, parameters, result."""

from ..domain import Domain, f, rows, values
from ..software import CAMEL_ACTION, PARAM, SNAKE, SNAKE_ACTION, made
from ..values import FIRST_NAME, Form, Kind, Surface, Values, choice, date, flag

_WORDS = {
    "int": "an int", "string": "a string", "boolean": "a boolean", "integer": "an integer", "float": "a float", "list": "a list", "number": "a number",
    "date": "a date", "bool": "a bool", "str": "a str", "dictionary": "a dictionary", "dict": "a dict", "list of strings": "a list of strings",
    "list of integers": "a list of integers", "array": "an array", "object": "an object", "tuple": "a tuple", "set": "a set", "double": "a double",
    "array of numbers": "an array of numbers", "character": "a character", "decimal": "a decimal", "file": "a file", "URL": "a URL", "matrix": "a matrix",
    "timestamp": "a timestamp", "map": "a map", "callback": "a callback", "long": "a long", "list of dates": "a list of dates", "byte array": "a byte array",
    "optional string": "an optional string", "positive integer": "a positive integer", "path": "a path", "iterator": "an iterator",
}  # fmt: skip


def _worded(v: Values) -> Surface:
    answer = v.pick(list(_WORDS))
    return Surface(answer, _WORDS[answer])


WORDED = Kind(_worded, (Form({"type": "string"}),) * 4)
NAME = Kind(lambda v: (SNAKE_ACTION if v.chance(0.6) else CAMEL_ACTION).draw(v), SNAKE_ACTION.forms)
GOAL = made(
    "{verb} the {w} in a {w} list", "{verb} all {w} entries", "{verb} {a} {w} values", "{verb} {w} data by date", "{verb} the {w} of each {w}", "{verb} {n} random {w} items",
    "{verb} the {a} {w}", "{verb} every second {w}",
    verb="count|sort|remove|merge|find|reverse|sum up|validate|format|compare|group|shuffle|download|parse|print|convert|average|encode|split|replace|rank|cache|translate",
)  # fmt: skip

DOMAIN = Domain(
    name="function_request",
    tasks=(
        "Extract the function to write.",
        "Read the request.",
        "Which function is wanted?",
        "Describe the function as JSON.",
        "Specify the function.",
        "Plan the function.",
    ),
    fields={
        "name": f("name function_name function method_name identifier", NAME, "name of the function"),
        "parameters": rows(
            "parameters params arguments args inputs",
            [
                "{name} ({type})",
                "{name}, {type}",
                "{name} which is {type}",
                "{name} as {type}",
                "{type} called {name}",
                "{type} named {name}",
                "{name} ({type})",
            ],
            (1, 4),
            "and and and semicolon",
            name=f("name arg identifier", PARAM, "name of the parameter"),
            type=f("type data_type annotation", WORDED, "its type, without article"),
        ),
        "returns": f(
            "return_type returns result_type output_type output",
            WORDED,
            "type of the result, without article",
        ),
        "goal": f("purpose description goal docstring what_it_does", GOAL, "what the function is for"),
        "language": f(
            "language lang programming_language",
            choice(
                python="Python|Python 3|CPython",
                javascript="JavaScript|JS|ECMAScript",
                typescript="TypeScript|TS",
                go="Go|Golang",
                rust="Rust",
                java="Java",
                c_sharp="C#|C sharp",
                cpp="C++|C plus plus",
                ruby="Ruby",
                kotlin="Kotlin",
                swift="Swift",
            ),
            "programming language",
        ),
        "is_async": f(
            "is_async async asynchronous",
            flag("async|asynchronous|non-blocking", "synchronous|blocking|not async"),
            "whether it runs asynchronously",
        ),
        "raises": f(
            "raises throws error exception",
            made("ValueError", "{Pascal}Error", "{Pascal}Exception", "TypeError", "KeyError"),
            "error for bad input",
        ),
        "module": f("module file namespace package", SNAKE, "where it belongs"),
        "author": f("requested_by author from", FIRST_NAME),
        "due": f("due deadline due_date", date(), "when it is needed"),
        "visibility": f(
            "visibility access",
            choice(
                public="public|exported|part of the public interface",
                private="private|internal|for internal use only",
            ),
            "who may call it",
        ),
        "examples": values(
            "examples test_inputs example_inputs",
            made("{n}", "'{w}'", "[{n}]", "-{n}", "'{x} {w}'", "0.{n}"),
            (1, 3),
            "comma and",
        ),
    },
    templates=(
        "<<Write|Please write|Implement|Create|I need>> a function called {name} that takes {parameters} and returns {returns}.[[ Write it in {language}.]][[ It should {goal}.]]",
        "<<Can you write|Could you give me|I'd like>> a {language} function {name}? <<It gets|Input is>>: {parameters}. <<It gives back|Output is>> {returns}.",
        "function: {name}\nlanguage: {language}\ninput: {parameters}\noutput: {returns}\n[[purpose: {goal}\n]][[errors: {raises}]]",
        "<<Hi|Hello|Hey>>,\n\n<<for the module|in>> {module} we need a new function. <<Call it|Its name is|Please name it>> {name}. It has to {goal}, and it is {is_async}.[[ It is {visibility}.]] Parameters: {parameters}. <<The return value is|It returns>> {returns}.\n\n<<Thanks|Best regards|Cheers>>,\n{author}",
        "{author}: we need something to {goal}\nlee: ok. <<name|what do we call it>>?\n{author}: {name}\nlee: arguments?\n{author}: {parameters}\nlee: and back comes {returns}? \n{author}: <<yes|right|exactly>>, in {language}",
        "In {language}, define {name}. Given {parameters}, it shall {goal} and return {returns}; if the input is bad it throws {raises}. The function is {visibility}. There are 3 similar ones already.",
        "Exercise 12 (5 points)\nDefine the {is_async} function {name} with the parameters\n{parameters}\nthat returns {returns}. Test it with {examples}. Hand it in by {due}.",
        "<<Spec|Specification>>: {name} accepts {parameters}. Result: {returns}. Error: {raises}. Access: {visibility}. Concurrency: {is_async}.",
        "<<The helper|The function|The method>> {name} in {module} <<should|must|has to>> {goal}. <<It expects|It wants>> {parameters}[[ and raises {raises} if they are wrong]]. The function is {is_async}[[ and returns {returns}]].",
        "Task for {author}, due {due}: add {name} to {module} ({language}). It turns {parameters} into {returns}. Examples: {examples}.",
        "- name: {name}\n- module: {module}\n- takes: {parameters}\n- gives: {returns}\n- mode: {is_async}\n- access: {visibility}",
        "I am new to {language}. How do I write {name}, a function to {goal}? It gets {parameters}, and I have tried for 2 hours.[[ In the end it should return {returns}.]]",
        "Returns {returns}: {name}. Takes: {parameters}. Raises: {raises}. Aim: {goal}.",
        "wanted: {language} function {name}; params {parameters}; result {returns}; until {due}; ask {author}",
        "<<Please add|Add|Define>> a function named {name} <<with the parameters|taking>> {parameters}. <<It returns|The result is>> {returns}.[[ The function should be {is_async}.]][[ Its purpose is to {goal}.]][[ Use {language}.]]",
        "<<Create|Write>> {name} in {language}.\nInputs: {parameters}\nReturn value: {returns}\n[[Behaviour: {goal}\n]][[On error: raise {raises}]]",
    ),
)
